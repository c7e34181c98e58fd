/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - what differs between the kernels that kxx builds for
 *
 * The only place that looks at LINUX_VERSION_CODE. Each entry gives older
 * kernels the newer kernel's name.
 */
#ifndef KXX_COMPAT_H
#define KXX_COMPAT_H

#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/hrtimer.h>
#include <linux/platform_device.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* queue_limits came to blk_mq_alloc_disk() in 6.9, the rotational feature in 6.11. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
static inline struct gendisk *kxx_compat_alloc_disk(struct blk_mq_tag_set *set,
						    const struct queue_limits *lim,
						    bool rotational, void *queuedata)
{
	struct gendisk *disk = blk_mq_alloc_disk(set, queuedata);

	if (IS_ERR(disk))
		return disk;
	blk_queue_logical_block_size(disk->queue, lim->logical_block_size);
	blk_queue_physical_block_size(disk->queue, lim->physical_block_size);
	if (!rotational)
		blk_queue_flag_set(QUEUE_FLAG_NONROT, disk->queue);
	blk_queue_flag_clear(QUEUE_FLAG_ADD_RANDOM, disk->queue);
	return disk;
}
#else
static inline struct gendisk *kxx_compat_alloc_disk(struct blk_mq_tag_set *set,
						    struct queue_limits *lim,
						    bool rotational, void *queuedata)
{
	if (rotational)
		lim->features |= BLK_FEAT_ROTATIONAL;
	return blk_mq_alloc_disk(set, lim, queuedata);
}
#endif

/* A platform driver's remove() returned an int until 6.11; this is the one that does not. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define kxx_compat_remove remove_new
#else
#define kxx_compat_remove remove
#endif

#endif
