// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/hdreg.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <kxx/glue/block/blk-mq.h>
#include <kxx/glue/block/blkdev.h>

#include "../compat.h"

int kxx_register_blkdev(const char *name)
{
	return register_blkdev(0, name);
}

void kxx_disk_set_number(struct gendisk *disk, unsigned int major, unsigned int minor)
{
	disk->major = major;
	disk->first_minor = minor;
	disk->minors = 1;
}

struct gendisk *kxx_blk_mq_alloc_disk(struct blk_mq_tag_set *set,
				      const struct kxx_queue_limits *limits, void *queuedata)
{
	return kxx_compat_alloc_disk(set, limits, queuedata);
}

/*
 * A disk's private_data: counts the calls of block_device_operations. The queue's
 * q_usage_counter cannot count them: an ioctl() may freeze the queue, and would wait for itself.
 */
struct driver_ref {
	void *driver;
	/* 1 for the disk, until kxx_disk_clear_driver(), and 1 for each running call */
	refcount_t calls;
	struct completion no_calls;
};

/* Number of disks that were added and are not freed yet */
static atomic_t nr_disks = ATOMIC_INIT(0);
/*
 * The task in kxx_put_disk(), or NULL; changes under the lock. The module whose code calls that
 * function is not unloaded before the call returns.
 */
static struct task_struct *putting;
static DEFINE_MUTEX(put_lock);
/* True if another task has freed a disk, or does so now */
static bool others_free_disks;

#define REPORT_SECONDS 10

int kxx_disk_set_driver(struct gendisk *disk, void *driver)
{
	struct driver_ref *ref = kmalloc(sizeof(*ref), GFP_KERNEL);

	if (!ref)
		return -ENOMEM;
	ref->driver = driver;
	refcount_set(&ref->calls, 1);
	init_completion(&ref->no_calls);
	disk->private_data = ref;
	return 0;
}

void kxx_disk_clear_driver(struct gendisk *disk)
{
	struct driver_ref *ref = disk->private_data;

	if (!ref)
		return;
	if (!refcount_dec_and_test(&ref->calls))
		wait_for_completion(&ref->no_calls);
}

void *kxx_disk_get_driver(const struct gendisk *disk)
{
	struct driver_ref *ref = disk->private_data;

	return refcount_inc_not_zero(&ref->calls) ? ref->driver : NULL;
}

void kxx_disk_put_driver(const struct gendisk *disk)
{
	struct driver_ref *ref = disk->private_data;

	if (refcount_dec_and_test(&ref->calls))
		complete(&ref->no_calls);
}

/*
 * If add_disk() fails after device_add(), a reader of /proc/diskstats may have a reference to the
 * disk. disk_release() of a disk that was not added uses the tag set, which the caller frees next:
 * wait until the caller's reference is the last one. New readers do not find the disk.
 */
static void put_disk_not_added(struct gendisk *disk)
{
	while (kref_read(&disk_to_dev(disk)->kobj.kref) > 1)
		msleep(20);
	/* The kernel calls free_disk() only for a disk that was added. */
	kfree(disk->private_data);
	put_disk(disk);
}

void kxx_put_disk(struct gendisk *disk)
{
	if (!test_bit(GD_ADDED, &disk->state)) {
		put_disk_not_added(disk);
		return;
	}
	mutex_lock(&put_lock);
	WRITE_ONCE(putting, current);
	put_disk(disk);
	WRITE_ONCE(putting, NULL);
	mutex_unlock(&put_lock);
}

void kxx_free_disk(struct gendisk *disk)
{
	if (READ_ONCE(putting) != current)
		WRITE_ONCE(others_free_disks, true);
	kfree(disk->private_data);
	/*
	 * Do nothing after this that may block, such as wake_up_var(), which takes a lock that
	 * sleeps under PREEMPT_RT: synchronize_rcu_tasks() does not wait for a task that sleeps.
	 */
	atomic_dec_return_release(&nr_disks);
}

void kxx_wait_for_disks(void)
{
	unsigned int i;

	for (i = 1; atomic_read(&nr_disks); i++) {
		msleep(20);
		if (i % (REPORT_SECONDS * 50) == 0)
			pr_warn("kxx: waiting until the disks that were removed are closed\n");
	}
	/* Pairs with the release in kxx_free_disk(), which follows the flag there. */
	smp_rmb();
	/*
	 * A task that called kxx_free_disk() may still be in that function, perhaps preempted. The
	 * caller frees the code of this module next, so wait until all tasks have left it.
	 */
	if (READ_ONCE(others_free_disks))
		synchronize_rcu_tasks();
}

int kxx_device_add_disk(struct device *parent, struct gendisk *disk, const void *fops,
			const char *prefix, int index, sector_t capacity, bool read_only,
			bool scan_partitions)
{
	int length, err;

	disk->fops = fops;
	if (index < 0)
		length = snprintf(disk->disk_name, DISK_NAME_LEN, "%s", prefix);
	else
		length = snprintf(disk->disk_name, DISK_NAME_LEN, "%s%d", prefix, index);
	if (length >= DISK_NAME_LEN) {
		pr_err("kxx: %s...: a disk's name must be shorter than %u bytes\n", disk->disk_name,
		       DISK_NAME_LEN);
		return -EINVAL;
	}
	set_capacity(disk, capacity);
	set_disk_ro(disk, read_only);
	err = kxx_compat_revalidate_zones(disk);
	if (err) {
		pr_err("kxx: %s: its zones are not what the block layer can take: error %d\n",
		       disk->disk_name, err);
		return err;
	}
	if (!scan_partitions)
		set_bit(GD_SUPPRESS_PART_SCAN, &disk->state);
	err = device_add_disk(parent, disk, NULL);
	clear_bit(GD_SUPPRESS_PART_SCAN, &disk->state);
	/* Without memory for the device's name, device_add_disk() returns -EINVAL. */
	if (err == -EINVAL && !dev_name(disk_to_dev(disk)))
		err = -ENOMEM;
	if (!err)
		atomic_inc(&nr_disks);
	return err;
}

struct deletion {
	struct delayed_work work;
	struct gendisk *disk;
};

static void say_what_it_waits_for(struct work_struct *work)
{
	struct deletion *deletion = container_of(work, struct deletion, work.work);

	pr_warn("kxx: %s: del_gendisk() still waits, perhaps for I/O: its driver may have requests, or have stopped the queue\n",
		deletion->disk->disk_name);
	schedule_delayed_work(&deletion->work, REPORT_SECONDS * HZ);
}

void kxx_del_gendisk(struct gendisk *disk)
{
	struct deletion deletion = { .disk = disk };

	INIT_DELAYED_WORK_ONSTACK(&deletion.work, say_what_it_waits_for);
	schedule_delayed_work(&deletion.work, REPORT_SECONDS * HZ);
	del_gendisk(disk);
	cancel_delayed_work_sync(&deletion.work);
	destroy_delayed_work_on_stack(&deletion.work);
	kxx_blk_mq_wait_for_callbacks(disk->queue);
}

struct request_queue *kxx_disk_queue(const struct gendisk *disk)
{
	return disk->queue;
}

struct gendisk *kxx_bdev_disk(const struct block_device *bdev)
{
	return bdev->bd_disk;
}

struct gendisk *kxx_opened_disk(void *opened)
{
	return kxx_compat_opened_disk(opened);
}

bool kxx_open_mode_reads(unsigned int mode)
{
	return mode & (__force unsigned int)BLK_OPEN_READ;
}

bool kxx_open_mode_writes(unsigned int mode)
{
	return mode & (__force unsigned int)BLK_OPEN_WRITE;
}

bool kxx_open_mode_is_exclusive(unsigned int mode)
{
	return mode & (__force unsigned int)BLK_OPEN_EXCL;
}

sector_t kxx_get_capacity(struct gendisk *disk)
{
	return get_capacity(disk);
}

int kxx_set_capacity_and_notify(struct gendisk *disk, sector_t sectors)
{
	const unsigned int block = queue_logical_block_size(disk->queue) >> SECTOR_SHIFT;

	if (bdev_is_zoned(disk->part0)) {
		pr_err("kxx: %s: capacity=%llu: the capacity of a zoned disk cannot change\n",
		       disk->disk_name, (u64)sectors);
		return -EINVAL;
	}
	if (sectors & (block - 1)) {
		pr_err("kxx: %s: capacity=%llu: must be a multiple of the logical block, %u sectors\n",
		       disk->disk_name, (u64)sectors, block);
		return -EINVAL;
	}
	set_capacity_and_notify(disk, sectors);
	return 0;
}

void kxx_set_geometry(struct hd_geometry *geometry, unsigned char heads, unsigned char sectors,
		      unsigned short cylinders)
{
	geometry->heads = heads;
	geometry->sectors = sectors;
	geometry->cylinders = cylinders;
}

int kxx_report_zone(struct gendisk *disk, const struct kxx_zone_report *to, unsigned int index,
		    const struct kxx_zone *zone)
{
	struct blk_zone blk_zone = {
		.start = zone->start,
		.len = zone->len,
		.capacity = zone->capacity,
		.wp = zone->wp,
		.type = zone->type,
		.cond = zone->cond,
	};

	return kxx_compat_report_zone(disk, &blk_zone, index, to);
}
