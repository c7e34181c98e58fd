// SPDX-License-Identifier: GPL-2.0
/*
 * limits.c - the module kxx_limits: a null disk with the name "limits", with limits set
 *
 * Each limit is a value that neither the block layer chooses by itself nor another limit implies.
 * So sysfs shows whether each limit arrived, even on a stock kernel without KUnit.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/module.h>

#include "../../src/glue/compat.h"

static struct blk_mq_tag_set set;
static struct gendisk *disk;

static blk_status_t limits_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	blk_mq_start_request(bd->rq);
	blk_mq_end_request(bd->rq, BLK_STS_OK);
	return BLK_STS_OK;
}

static const struct blk_mq_ops ops = {
	.queue_rq = limits_queue_rq,
};

static const struct block_device_operations fops = {
	.owner = THIS_MODULE,
};

static int __init limits_init(void)
{
	const struct kxx_queue_limits limits = {
		.logical_block_size = 1024,
		.physical_block_size = 2048,
		.io_min = 8192,
		.io_opt = 65536,
		.max_hw_sectors = 64,
		.max_segment_size = 12288,
		.max_segments = 7,
		.dma_alignment = 3,
		.max_discard_sectors = 1 << 10,
		.discard_granularity = 16384,
		.max_write_zeroes_sectors = 1 << 11,
		.write_cache = true,
		.fua = true,
		.stable_writes = true,
		.rotational = true,
	};
	int err;

	set.ops = &ops;
	set.nr_hw_queues = 1;
	set.queue_depth = 1;
	set.numa_node = NUMA_NO_NODE;
	set.flags = KXX_COMPAT_F_SHOULD_MERGE;
	err = blk_mq_alloc_tag_set(&set);
	if (err)
		return err;
	disk = kxx_compat_alloc_disk(&set, &limits, NULL);
	if (IS_ERR(disk)) {
		err = PTR_ERR(disk);
		goto out_set;
	}
	disk->fops = &fops;
	strscpy(disk->disk_name, "limits", DISK_NAME_LEN);
	set_capacity(disk, 1 << 10);
	err = add_disk(disk);
	if (!err)
		return 0;
	put_disk(disk);
out_set:
	blk_mq_free_tag_set(&set);
	return err;
}

static void __exit limits_exit(void)
{
	del_gendisk(disk);
	put_disk(disk);
	blk_mq_free_tag_set(&set);
}

module_init(limits_init);
module_exit(limits_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A disk with limits of its own");
