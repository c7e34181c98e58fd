// SPDX-License-Identifier: GPL-2.0
/*
 * floor.c - the module kxx_floor: /dev/floor0, a block driver that does as little as possible
 *
 * Subtract its time from another driver's, on the same kernel with the same parameters, to get
 * the cost of that driver. Completes requests as null_blk does (irqmode, poll_queues). With
 * irqmode=0, batched=1 takes and ends requests in batches, or copy=1 copies the data to or from
 * one buffer, a cost that every driver with data has.
 */
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/hrtimer.h>
#include <linux/module.h>

#include "../src/glue/compat.h"

static unsigned int gb = 1;
module_param(gb, uint, 0444);
MODULE_PARM_DESC(gb, "Size in GiB. Default: 1");

static unsigned int bs = 4096;
module_param(bs, uint, 0444);
MODULE_PARM_DESC(bs, "Logical block size. Default: 4096");

static unsigned int hw_queue_depth = 64;
module_param(hw_queue_depth, uint, 0444);
MODULE_PARM_DESC(hw_queue_depth, "Requests of a hardware queue. Default: 64");

static unsigned int irqmode;
module_param(irqmode, uint, 0444);
MODULE_PARM_DESC(irqmode, "How requests complete: 0 at once, 1 in softirq, 2 by a timer. Default: 0");

static unsigned long completion_nsec = 10000;
module_param(completion_nsec, ulong, 0444);
MODULE_PARM_DESC(completion_nsec, "Time in ns until a request completes, with irqmode=2");

static unsigned int poll_queues;
module_param(poll_queues, uint, 0444);
MODULE_PARM_DESC(poll_queues, "1 for a hardware queue that is polled. Default: 0");

static bool batched;
module_param(batched, bool, 0444);
MODULE_PARM_DESC(batched, "Take and end requests in batches, with irqmode=0. Default: false");

static bool copy;
module_param(copy, bool, 0444);
MODULE_PARM_DESC(copy, "Copy the data, with irqmode=0. Default: false");

struct floor_poll {
	spinlock_t lock; /* protects requests */
	struct list_head requests;
};

static struct blk_mq_tag_set set;
static struct gendisk *disk;
static struct floor_poll floor_poll_queue;
static void *copied;

static blk_status_t floor_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	blk_mq_start_request(bd->rq);
	blk_mq_end_request(bd->rq, BLK_STS_OK);
	return BLK_STS_OK;
}

static const struct blk_mq_ops floor_ops = {
	.queue_rq = floor_queue_rq,
};

static void floor_queue_rqs(kxx_compat_rq_list *requests)
{
	DEFINE_IO_COMP_BATCH(batch);
	struct request *rq;

	while ((rq = rq_list_pop(requests))) {
		blk_mq_start_request(rq);
		if (!blk_mq_add_to_batch(rq, &batch, 0, blk_mq_end_request_batch))
			blk_mq_end_request(rq, BLK_STS_OK);
	}
	if (batch.complete)
		blk_mq_end_request_batch(&batch);
}

static const struct blk_mq_ops floor_batched_ops = {
	.queue_rq = floor_queue_rq,
	.queue_rqs = floor_queue_rqs,
};

static blk_status_t floor_queue_rq_copy(struct blk_mq_hw_ctx *hctx,
					const struct blk_mq_queue_data *bd)
{
	struct request *rq = bd->rq;
	struct req_iterator iter;
	struct bio_vec bv;

	blk_mq_start_request(rq);
	if (req_op(rq) == REQ_OP_READ) {
		rq_for_each_bvec(bv, rq, iter)
			memcpy(page_address(bv.bv_page) + bv.bv_offset, copied, bv.bv_len);
	} else if (req_op(rq) == REQ_OP_WRITE) {
		rq_for_each_bvec(bv, rq, iter)
			memcpy(copied, page_address(bv.bv_page) + bv.bv_offset, bv.bv_len);
	}
	blk_mq_end_request(rq, BLK_STS_OK);
	return BLK_STS_OK;
}

static const struct blk_mq_ops floor_copy_ops = {
	.queue_rq = floor_queue_rq_copy,
};

static blk_status_t floor_queue_rq_softirq(struct blk_mq_hw_ctx *hctx,
					   const struct blk_mq_queue_data *bd)
{
	blk_mq_start_request(bd->rq);
	blk_mq_complete_request(bd->rq);
	return BLK_STS_OK;
}

static void floor_complete(struct request *rq)
{
	blk_mq_end_request(rq, BLK_STS_OK);
}

static const struct blk_mq_ops floor_softirq_ops = {
	.queue_rq = floor_queue_rq_softirq,
	.complete = floor_complete,
};

static enum hrtimer_restart floor_expired(struct hrtimer *timer)
{
	blk_mq_end_request(blk_mq_rq_from_pdu(timer), BLK_STS_OK);
	return HRTIMER_NORESTART;
}

static int floor_init_request(struct blk_mq_tag_set *set, struct request *rq, unsigned int hctx_idx,
			      kxx_compat_node numa_node)
{
	hrtimer_setup(blk_mq_rq_to_pdu(rq), floor_expired, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	return 0;
}

static blk_status_t floor_queue_rq_timer(struct blk_mq_hw_ctx *hctx,
					 const struct blk_mq_queue_data *bd)
{
	blk_mq_start_request(bd->rq);
	hrtimer_start(blk_mq_rq_to_pdu(bd->rq), ns_to_ktime(completion_nsec), HRTIMER_MODE_REL);
	return BLK_STS_OK;
}

static const struct blk_mq_ops floor_timer_ops = {
	.queue_rq = floor_queue_rq_timer,
	.init_request = floor_init_request,
};

static blk_status_t floor_queue_rq_poll(struct blk_mq_hw_ctx *hctx,
					const struct blk_mq_queue_data *bd)
{
	if (hctx->type != HCTX_TYPE_POLL)
		return floor_queue_rq(hctx, bd);
	blk_mq_start_request(bd->rq);
	spin_lock(&floor_poll_queue.lock);
	list_add_tail(&bd->rq->queuelist, &floor_poll_queue.requests);
	spin_unlock(&floor_poll_queue.lock);
	return BLK_STS_OK;
}

static int floor_poll(struct blk_mq_hw_ctx *hctx, struct io_comp_batch *batch)
{
	struct request *rq, *next;
	LIST_HEAD(requests);
	int done = 0;

	spin_lock(&floor_poll_queue.lock);
	list_splice_init(&floor_poll_queue.requests, &requests);
	spin_unlock(&floor_poll_queue.lock);
	list_for_each_entry_safe(rq, next, &requests, queuelist) {
		if (!blk_mq_add_to_batch(rq, batch, 0, blk_mq_end_request_batch))
			blk_mq_end_request(rq, BLK_STS_OK);
		done++;
	}
	return done;
}

/* Maps polled I/O to the second hardware queue and all other I/O to the first. */
static void floor_map_queues(struct blk_mq_tag_set *set)
{
	unsigned int i;

	for (i = 0; i < set->nr_maps; i++) {
		set->map[i].nr_queues = i != HCTX_TYPE_READ;
		set->map[i].queue_offset = i == HCTX_TYPE_POLL;
		if (set->map[i].nr_queues)
			blk_mq_map_queues(&set->map[i]);
	}
}

static const struct blk_mq_ops floor_poll_ops = {
	.queue_rq = floor_queue_rq_poll,
	.poll = floor_poll,
	.map_queues = floor_map_queues,
};

static const struct blk_mq_ops *ops(void)
{
	if (poll_queues)
		return &floor_poll_ops;
	if (irqmode == 2)
		return &floor_timer_ops;
	if (irqmode == 1)
		return &floor_softirq_ops;
	if (copy)
		return &floor_copy_ops;
	return batched ? &floor_batched_ops : &floor_ops;
}

static const struct block_device_operations floor_fops = {
	.owner = THIS_MODULE,
};

static int __init floor_init(void)
{
	const struct kxx_queue_limits limits = {
		.logical_block_size = bs,
		.physical_block_size = bs,
		.max_discard_sectors = UINT_MAX >> SECTOR_SHIFT,
		.discard_granularity = bs,
	};
	int err;

	spin_lock_init(&floor_poll_queue.lock);
	INIT_LIST_HEAD(&floor_poll_queue.requests);
	/* BLK_SAFE_MAX_SECTORS is the largest request if the driver sets no limit. */
	copied = kzalloc(BLK_SAFE_MAX_SECTORS << SECTOR_SHIFT, GFP_KERNEL);
	if (!copied)
		return -ENOMEM;

	set.ops = ops();
	set.nr_hw_queues = poll_queues ? 2 : 1;
	set.nr_maps = poll_queues ? 3 : 1;
	set.queue_depth = hw_queue_depth;
	set.numa_node = NUMA_NO_NODE;
	set.cmd_size = irqmode == 2 ? sizeof(struct hrtimer) : 0;
	set.flags = KXX_COMPAT_F_SHOULD_MERGE;
	err = blk_mq_alloc_tag_set(&set);
	if (err)
		goto out_copied;
	disk = kxx_compat_alloc_disk(&set, &limits, NULL);
	if (IS_ERR(disk)) {
		err = PTR_ERR(disk);
		goto out_set;
	}
	disk->fops = &floor_fops;
	strscpy(disk->disk_name, "floor0", DISK_NAME_LEN);
	set_capacity(disk, (sector_t)gb << (30 - SECTOR_SHIFT));
	err = add_disk(disk);
	if (!err)
		return 0;
	put_disk(disk);
out_set:
	blk_mq_free_tag_set(&set);
out_copied:
	kfree(copied);
	return err;
}

static void __exit floor_exit(void)
{
	del_gendisk(disk);
	put_disk(disk);
	blk_mq_free_tag_set(&set);
	kfree(copied);
}

module_init(floor_init);
module_exit(floor_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The least that a block driver can do");
