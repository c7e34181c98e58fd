// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>
#include <linux/workqueue.h>

#include <kxx/glue/blkdev.h>

#include "compat.h"

struct gendisk *kxx_blk_mq_alloc_disk(struct blk_mq_tag_set *set, unsigned int logical_block_size,
				      unsigned int physical_block_size, bool rotational,
				      void *queuedata)
{
	struct queue_limits lim = {
		.logical_block_size = logical_block_size,
		.physical_block_size = physical_block_size,
	};

	return kxx_compat_alloc_disk(set, &lim, rotational, queuedata);
}

int kxx_device_add_disk(struct device *parent, struct gendisk *disk, const void *fops,
			const char *prefix, unsigned int index, sector_t capacity)
{
	disk->fops = fops;
	snprintf(disk->disk_name, DISK_NAME_LEN, "%s%u", prefix, index);
	set_capacity(disk, capacity);
	return device_add_disk(parent, disk, NULL);
}

struct deletion {
	struct delayed_work work;
	struct gendisk *disk;
};

#define DELETION_SECONDS 10

static void say_what_it_waits_for(struct work_struct *work)
{
	struct deletion *deletion = container_of(work, struct deletion, work.work);

	pr_warn("kxx: %s: del_gendisk() waits for I/O that has not ended; its driver has the requests\n",
		deletion->disk->disk_name);
	schedule_delayed_work(&deletion->work, DELETION_SECONDS * HZ);
}

void kxx_del_gendisk(struct gendisk *disk)
{
	struct deletion deletion = { .disk = disk };

	INIT_DELAYED_WORK_ONSTACK(&deletion.work, say_what_it_waits_for);
	schedule_delayed_work(&deletion.work, DELETION_SECONDS * HZ);
	del_gendisk(disk);
	cancel_delayed_work_sync(&deletion.work);
	destroy_delayed_work_on_stack(&deletion.work);
}

void kxx_put_disk(struct gendisk *disk)
{
	put_disk(disk);
}
