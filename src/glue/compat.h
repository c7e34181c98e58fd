/* SPDX-License-Identifier: GPL-2.0 */
/*
 * compat.h - differences between the kernels that kxx supports
 *
 * Only this file uses LINUX_VERSION_CODE. Most entries give older kernels a newer function.
 */
#ifndef KXX_COMPAT_H
#define KXX_COMPAT_H

#include <linux/badblocks.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/configfs.h>
#include <linux/device.h>
#include <linux/fs.h>
#include <linux/fs_struct.h>
#include <linux/hrtimer.h>
#include <linux/platform_device.h>
#include <linux/spinlock.h>
#include <linux/srcu.h>
#include <linux/stringify.h>
#include <linux/version.h>
#include <linux/workqueue.h>

#include <kxx/glue/block/blk-mq.h>
#include <kxx/glue/block/blkdev.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/*
 * Since 7.3 the kernel counts how often interrupts are disabled: the last enable restores the state
 * before the first disable. On older kernels the caller saves and restores the flags.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(7, 3, 0)
#define KXX_COMPAT_IRQ_COUNTED 0
#define kxx_compat_lock_irq_disable(kind, lock, flags) kind##_lock_irqsave(lock, flags)
#define kxx_compat_lock_irq_disable_nested(kind, lock, flags, subclass) \
	kind##_lock_irqsave_nested(lock, flags, subclass)
#define kxx_compat_trylock_irq_disable(kind, lock, flags) kind##_trylock_irqsave(lock, flags)
#define kxx_compat_unlock_irq_enable(kind, lock, flags) kind##_unlock_irqrestore(lock, flags)
#define kxx_compat_spin_lock_irq(lock) spin_lock_irq(lock)
#define kxx_compat_spin_unlock_irq(lock) spin_unlock_irq(lock)

/* Needed only for linking: interrupt_rc.hpp does not compile for older kernels. */
static inline void local_interrupt_disable(void)
{
	WARN_ON_ONCE(true);
}

static inline void local_interrupt_enable(void)
{
}
#else
#define KXX_COMPAT_IRQ_COUNTED 1
#define kxx_compat_lock_irq_disable(kind, lock, flags) \
	({ (flags) = 0; kind##_lock_irq_disable(lock); })
/* The kernel has no such function. On PREEMPT_RT a spinlock_t leaves interrupts on. */
#define kxx_compat_lock_irq_disable_nested(kind, lock, flags, subclass) \
	({ \
		(flags) = 0; \
		if (!IS_ENABLED(CONFIG_PREEMPT_RT) || __same_type(*(lock), raw_spinlock_t)) \
			local_interrupt_disable(); \
		kind##_lock_nested(lock, subclass); \
	})
#define kxx_compat_trylock_irq_disable(kind, lock, flags) \
	({ (flags) = 0; kind##_trylock_irq_disable(lock); })
#define kxx_compat_unlock_irq_enable(kind, lock, flags) \
	({ (void)(flags); kind##_unlock_irq_enable(lock); })
#define kxx_compat_spin_lock_irq(lock) spin_lock_irq_disable(lock)
#define kxx_compat_spin_unlock_irq(lock) spin_unlock_irq_enable(lock)
#endif

/* BLK_STS_RESV_CONFLICT was called BLK_STS_NEXUS before 6.5. */
#ifndef BLK_STS_RESV_CONFLICT
#define BLK_STS_RESV_CONFLICT BLK_STS_NEXUS
#endif

/*
 * struct rq_list exists since 6.13, and in later stable releases of 6.12. Before, a list was a
 * pointer to its first request, with macros of the same names.
 */
#ifdef rq_list_pop
typedef struct request *kxx_compat_rq_list;
#define kxx_compat_rq_list_add_head(list, rq) rq_list_add(list, rq)
#define kxx_compat_rq_list_set(list, rq) (*(list) = (rq))

static inline struct kxx_rq_list kxx_compat_rq_list_take(kxx_compat_rq_list *list)
{
	struct kxx_rq_list taken = { .head = *list };

	*list = NULL;
	return taken;
}

static inline void kxx_compat_rq_list_give_back(kxx_compat_rq_list *list, struct kxx_rq_list taken)
{
	struct request **end = &taken.head;

	if (*list) {
		while (*end)
			end = &(*end)->rq_next;
		*end = *list;
	}
	*list = taken.head;
}
#else
typedef struct rq_list kxx_compat_rq_list;
#define kxx_compat_rq_list_add_head(list, rq) rq_list_add_head(list, rq)
#define kxx_compat_rq_list_set(list, rq) ((list)->head = (rq))

static inline struct kxx_rq_list kxx_compat_rq_list_take(kxx_compat_rq_list *list)
{
	struct kxx_rq_list taken = { .head = list->head, .tail = list->tail };

	rq_list_init(list);
	return taken;
}

static inline void kxx_compat_rq_list_give_back(kxx_compat_rq_list *list, struct kxx_rq_list taken)
{
	if (!taken.head)
		return;
	taken.tail->rq_next = list->head;
	list->head = taken.head;
	if (!list->tail)
		list->tail = taken.tail;
}
#endif

/*
 * A request_queue has a reference count of its own since 6.2; before, its kobject had it. The SRCU
 * of queue_rq() belongs to the tag set since 6.2.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
static inline void kxx_compat_get_queue(struct request_queue *queue)
{
	kobject_get(&queue->kobj);
}

static inline void kxx_compat_wait_quiesce_done(struct request_queue *queue)
{
	blk_mq_wait_quiesce_done(queue);
}
#else
static inline void kxx_compat_get_queue(struct request_queue *queue)
{
	refcount_inc(&queue->refs);
}

static inline void kxx_compat_wait_quiesce_done(struct request_queue *queue)
{
	blk_mq_wait_quiesce_done(queue->tag_set);
}
#endif

/* Since 6.5 open() gets a disk, before a block device; release() has lost its fmode_t. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 5, 0)
#define BLK_OPEN_READ FMODE_READ
#define BLK_OPEN_WRITE FMODE_WRITE
#define BLK_OPEN_EXCL FMODE_EXCL

typedef struct block_device kxx_compat_opened;
typedef fmode_t kxx_compat_open_mode;
typedef void (*kxx_compat_release)(struct gendisk *, fmode_t);

static inline struct gendisk *kxx_compat_opened_disk(struct block_device *bdev)
{
	return bdev->bd_disk;
}
#else
typedef struct gendisk kxx_compat_opened;
typedef blk_mode_t kxx_compat_open_mode;
typedef void (*kxx_compat_release)(struct gendisk *);

static inline struct gendisk *kxx_compat_opened_disk(struct gendisk *disk)
{
	return disk;
}
#endif

#ifndef CONFIG_BLK_DEV_ZONED
static inline int kxx_compat_revalidate_zones(struct gendisk *disk)
{
	return 0;
}
#elif LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline int kxx_compat_revalidate_zones(struct gendisk *disk)
{
	return blk_queue_is_zoned(disk->queue) ? blk_revalidate_disk_zones(disk, NULL) : 0;
}
#else
static inline int kxx_compat_revalidate_zones(struct gendisk *disk)
{
	return blk_queue_is_zoned(disk->queue) ? blk_revalidate_disk_zones(disk) : 0;
}
#endif

/*
 * KXX_EITHER - The type @one or @other, whichever the kernel declares for the member. If it is a
 * third one, kbuild/layout.c does not compile.
 */
#define KXX_MEMBER_IS(structure, member, ...) \
	__builtin_types_compatible_p(typeof_member(struct structure, member), typeof(__VA_ARGS__))
#define KXX_EITHER(structure, member, one, other) \
	typeof(__builtin_choose_expr(KXX_MEMBER_IS(structure, member, one), (one)NULL, (other)NULL))

/* Newer kernels declare these tables const. */
typedef KXX_EITHER(config_item_type, ct_item_ops, struct configfs_item_operations *,
		   const struct configfs_item_operations *) kxx_compat_item_ops;
typedef KXX_EITHER(config_item_type, ct_group_ops, struct configfs_group_operations *,
		   const struct configfs_group_operations *) kxx_compat_group_ops;
typedef KXX_EITHER(device_driver, dev_groups, const struct attribute_group **,
		   const struct attribute_group *const *) kxx_compat_groups;

/* 0 if the kernel defines __cold empty, since its GCC would not align cold functions. */
#define KXX_COMPAT_COLD (sizeof(__stringify(__cold)) > sizeof(""))

/* getgeo() gets a disk since 6.18, before a block device. */
#define KXX_COMPAT_GETGEO_OF_DISK \
	KXX_MEMBER_IS(block_device_operations, getgeo, \
		      int (*)(struct gendisk *, struct hd_geometry *))
typedef typeof(*__builtin_choose_expr(KXX_COMPAT_GETGEO_OF_DISK, (struct gendisk *)NULL,
				      (struct block_device *)NULL)) kxx_compat_getgeo_of;

/* The node argument of init_request() is an int since 7.0, before an unsigned int. */
typedef typeof(__builtin_choose_expr(
	KXX_MEMBER_IS(blk_mq_ops, init_request,
		      int (*)(struct blk_mq_tag_set *, struct request *, unsigned int, int)),
	0, 0u)) kxx_compat_node;

/* report_zones() gets arguments of the block layer since 6.19, before a callback. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define KXX_COMPAT_REPORT_ZONES_ARGS 0
typedef int (*kxx_compat_report_zones)(struct gendisk *, sector_t, unsigned int,
				       kxx_report_zones_cb, void *);

static inline int kxx_compat_report_zone(struct gendisk *disk, struct blk_zone *zone,
					 unsigned int index, const struct kxx_zone_report *to)
{
	return to->callback(zone, index, to->data);
}
#else
#define KXX_COMPAT_REPORT_ZONES_ARGS 1
typedef int (*kxx_compat_report_zones)(struct gendisk *, sector_t, unsigned int,
				       struct blk_report_zones_args *);

static inline int kxx_compat_report_zone(struct gendisk *disk, struct blk_zone *zone,
					 unsigned int index, const struct kxx_zone_report *to)
{
#ifdef CONFIG_BLK_DEV_ZONED
	return disk_report_zone(disk, zone, index, to->args);
#else
	return -EOPNOTSUPP;
#endif
}
#endif

/*
 * Since 7.2 SRCU callbacks free the tags of a set (set->tags_srcu). If blk_mq_alloc_tag_set()
 * fails, it returns, with a warning, while callbacks are pending that still use the set. Wait for
 * them here, before the caller frees the set.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0) && defined(CONFIG_TREE_SRCU)
static inline void kxx_compat_tag_set_failed(struct blk_mq_tag_set *set)
{
	/* NULL if the SRCU structure is not initialised yet, or was cleaned up already. */
	if (!set->tags_srcu.srcu_sup)
		return;
	srcu_barrier(&set->tags_srcu);
	cleanup_srcu_struct(&set->tags_srcu);
}
#else
static inline void kxx_compat_tag_set_failed(struct blk_mq_tag_set *set) {}
#endif

/*
 * Before 6.7 blk-mq does not put a request that queue_rqs() gets into tags->rqs[], where it looks
 * for requests that time out. Since then blk_mq_start_request() does.
 */
static inline void kxx_compat_rq_popped(struct request *rq)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	WRITE_ONCE(rq->mq_hctx->tags->rqs[rq->tag], rq);
#endif
}

/*
 * The kernel clears the pointers in tags->rqs[] to requests of an I/O scheduler, and to the flush
 * requests of a removed disk, before it frees them. In between it takes tags->lock. Since 6.18 it
 * waits for readers of set->tags_srcu instead.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 18, 0)
static inline unsigned long kxx_compat_lock_rqs(struct blk_mq_hw_ctx *hctx)
{
	unsigned long flags;

	spin_lock_irqsave(&hctx->tags->lock, flags);
	/* For sparse, whose annotation of the callers would be wrong on later kernels. */
	__release(&hctx->tags->lock);
	return flags;
}

static inline void kxx_compat_unlock_rqs(struct blk_mq_hw_ctx *hctx, unsigned long flags)
{
	__acquire(&hctx->tags->lock);
	spin_unlock_irqrestore(&hctx->tags->lock, flags);
}
#else
static inline unsigned long kxx_compat_lock_rqs(struct blk_mq_hw_ctx *hctx)
{
	return srcu_read_lock(&hctx->queue->tag_set->tags_srcu);
}

static inline void kxx_compat_unlock_rqs(struct blk_mq_hw_ctx *hctx, unsigned long index)
{
	srcu_read_unlock(&hctx->queue->tag_set->tags_srcu, index);
}
#endif

/* Since 6.14 merging needs no flag, and the user can always choose an I/O scheduler. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 14, 0)
#define KXX_COMPAT_F_SHOULD_MERGE BLK_MQ_F_SHOULD_MERGE
#define KXX_COMPAT_F_NO_SCHED BLK_MQ_F_NO_SCHED

static inline unsigned int kxx_compat_freeze_queue(struct request_queue *queue)
{
	blk_mq_freeze_queue(queue);
	return 0;
}

static inline void kxx_compat_unfreeze_queue(struct request_queue *queue, bool same_task,
					     unsigned int flags)
{
	blk_mq_unfreeze_queue(queue);
}
#else
#define KXX_COMPAT_F_SHOULD_MERGE 0
#define KXX_COMPAT_F_NO_SCHED BLK_MQ_F_NO_SCHED_BY_DEFAULT

static inline unsigned int kxx_compat_freeze_queue(struct request_queue *queue)
{
	return blk_mq_freeze_queue(queue);
}

static inline void kxx_compat_unfreeze_queue(struct request_queue *queue, bool same_task,
					     unsigned int flags)
{
	blk_mq_unfreeze_queue_nomemrestore(queue);
	if (same_task)
		memalloc_noio_restore(flags);
}
#endif

/*
 * del_gendisk() leaves the queue frozen. Since 6.13, and in 6.12.117 at least, lockdep counts this
 * freeze for the task that has frozen the queue already, which so holds the lockdep maps of the
 * queue for ever: lockdep crashes when the queue is freed. Subtract that freeze, but leave the
 * queue frozen.
 */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 117) && defined(CONFIG_LOCKDEP)
static inline void kxx_compat_disown_freeze(struct request_queue *queue)
{
	if (queue->mq_freeze_owner != current)
		return;
	blk_freeze_queue_start_non_owner(queue);
	kxx_compat_unfreeze_queue(queue, false, 0);
}
#else
static inline void kxx_compat_disown_freeze(struct request_queue *queue)
{
}
#endif

/*
 * disable_work_sync() exists since 6.10. Before, leave the work item marked as pending, so that
 * queue_work() takes it for one that is queued already.
 */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 10, 0)
static inline void kxx_compat_disable_work_sync(struct work_struct *work)
{
	do {
		cancel_work_sync(work);
	} while (test_and_set_bit(WORK_STRUCT_PENDING_BIT, work_data_bits(work)));
	/* It may have been queued after it was cancelled, and run now. */
	flush_work(work);
}
#else
static inline void kxx_compat_disable_work_sync(struct work_struct *work)
{
	disable_work_sync(work);
}
#endif

/* WQ_PERCPU exists since 6.17; before, per-CPU is the default for workqueues. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 17, 0)
#define WQ_PERCPU 0
#endif

/* Since 7.3 kernel threads have an empty root directory: open the file in init's. */
static inline struct file *kxx_compat_filp_open(const char *path, int flags)
{
	struct file *file;

#ifdef scoped_with_init_fs
	scoped_with_init_fs()
#endif
		file = filp_open(path, flags, 0);
	return file;
}

static inline bool kxx_compat_rotational(struct block_device *bdev)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
	return !bdev_nonrot(bdev);
#else
	return bdev_get_queue(bdev)->limits.features & BLK_FEAT_ROTATIONAL;
#endif
}

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 16, 0)
#define kxx_compat_kunit_test_suites_init(suites, nr) __kunit_test_suites_init(suites, nr)
#else
#define kxx_compat_kunit_test_suites_init(suites, nr) __kunit_test_suites_init(suites, nr, true)
#endif

/* blk_mq_alloc_disk() takes a struct queue_limits since 6.9, with features since 6.11. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 9, 0)
static inline void kxx_compat_set_zoned(struct gendisk *disk, const struct kxx_queue_limits *limits)
{
#ifdef CONFIG_BLK_DEV_ZONED
	disk_set_zoned(disk, BLK_ZONED_HM);
	blk_queue_flag_set(QUEUE_FLAG_ZONE_RESETALL, disk->queue);
	blk_queue_required_elevator_features(disk->queue, ELEVATOR_F_ZBD_SEQ_WRITE);
	blk_queue_chunk_sectors(disk->queue, limits->chunk_sectors);
	/* A new queue has 0 (no zone append), and a call with 0 would warn. */
	if (limits->max_zone_append_sectors)
		blk_queue_max_zone_append_sectors(disk->queue, limits->max_zone_append_sectors);
	disk_set_max_open_zones(disk, limits->max_open_zones);
	disk_set_max_active_zones(disk, limits->max_active_zones);
#endif
}

static inline struct gendisk *kxx_compat_alloc_disk(struct blk_mq_tag_set *set,
						    const struct kxx_queue_limits *limits,
						    void *queuedata)
{
	struct gendisk *disk = blk_mq_alloc_disk(set, queuedata);
	struct request_queue *q;

	if (IS_ERR(disk))
		return disk;
	q = disk->queue;
	blk_queue_logical_block_size(q, limits->logical_block_size);
	blk_queue_physical_block_size(q, limits->physical_block_size);
	if (limits->io_min)
		blk_queue_io_min(q, limits->io_min);
	if (limits->io_opt)
		blk_queue_io_opt(q, limits->io_opt);
	if (limits->max_hw_sectors)
		/* The function computes the number of bytes in an unsigned int. */
		blk_queue_max_hw_sectors(q, min(limits->max_hw_sectors, UINT_MAX >> SECTOR_SHIFT));
	if (limits->max_segments)
		blk_queue_max_segments(q, limits->max_segments);
	if (limits->max_segment_size)
		blk_queue_max_segment_size(q, limits->max_segment_size);
	if (limits->virt_boundary_mask)
		blk_queue_virt_boundary(q, limits->virt_boundary_mask);
	if (limits->dma_alignment)
		blk_queue_dma_alignment(q, limits->dma_alignment);
	if (limits->max_discard_sectors)
		/* Newer kernels do this in blk_validate_limits(). */
		q->limits.discard_granularity =
			max(limits->discard_granularity, limits->physical_block_size);
	blk_queue_max_discard_sectors(q, limits->max_discard_sectors);
	blk_queue_max_write_zeroes_sectors(q, limits->max_write_zeroes_sectors);
	blk_queue_max_secure_erase_sectors(q, limits->max_secure_erase_sectors);
	blk_queue_write_cache(q, limits->write_cache, limits->fua);
	if (limits->stable_writes)
		blk_queue_flag_set(QUEUE_FLAG_STABLE_WRITES, q);
	if (!limits->rotational)
		blk_queue_flag_set(QUEUE_FLAG_NONROT, q);
	blk_queue_flag_clear(QUEUE_FLAG_ADD_RANDOM, q);
	if (limits->zoned)
		kxx_compat_set_zoned(disk, limits);
	return disk;
}
#else
static inline struct gendisk *kxx_compat_alloc_disk(struct blk_mq_tag_set *set,
						    const struct kxx_queue_limits *limits,
						    void *queuedata)
{
	struct queue_limits lim = {
		.logical_block_size = limits->logical_block_size,
		.physical_block_size = limits->physical_block_size,
		.io_min = limits->io_min,
		.io_opt = limits->io_opt,
		.max_hw_sectors = limits->max_hw_sectors,
		.max_segments = limits->max_segments,
		.max_segment_size = limits->max_segment_size,
		.virt_boundary_mask = limits->virt_boundary_mask,
		.dma_alignment = limits->dma_alignment,
		.max_hw_discard_sectors = limits->max_discard_sectors,
		.discard_granularity =
			limits->max_discard_sectors ? limits->discard_granularity : 0,
		.max_write_zeroes_sectors = limits->max_write_zeroes_sectors,
		.max_secure_erase_sectors = limits->max_secure_erase_sectors,
		.chunk_sectors = limits->zoned ? limits->chunk_sectors : 0,
		.max_open_zones = limits->max_open_zones,
		.max_active_zones = limits->max_active_zones,
		/* Since 6.13 the block layer computes max_zone_append_sectors from this one. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
		.max_zone_append_sectors = limits->max_zone_append_sectors,
#else
		.max_hw_zone_append_sectors = limits->max_zone_append_sectors,
#endif
	};

	if (limits->write_cache)
		lim.features |= BLK_FEAT_WRITE_CACHE;
	if (limits->fua)
		lim.features |= BLK_FEAT_FUA;
	if (limits->stable_writes)
		lim.features |= BLK_FEAT_STABLE_WRITES;
	if (limits->rotational)
		lim.features |= BLK_FEAT_ROTATIONAL;
	if (limits->zoned)
		lim.features |= BLK_FEAT_ZONED;
	return blk_mq_alloc_disk(set, &lim, queuedata);
}
#endif

/* Before 6.15, or without huge pages, a logical block has at most the size of a page. */
#ifndef BLK_MAX_BLOCK_SIZE
#define BLK_MAX_BLOCK_SIZE PAGE_SIZE
#endif

/* null_blk accepts data at any even address since 6.19. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 19, 0)
#define KXX_COMPAT_NULL_BLK_ALIGNED_TO_2 0
#else
#define KXX_COMPAT_NULL_BLK_ALIGNED_TO_2 1
#endif

/* Before 6.11 null_blk checks the block size first; it then corrects discard after the zones. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define KXX_COMPAT_NULL_BLK_BLOCKS_FIRST 1
#else
#define KXX_COMPAT_NULL_BLK_BLOCKS_FIRST 0
#endif

/* The remove() without a return value was called remove_new() before 6.11. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 11, 0)
#define kxx_compat_remove remove_new
#else
#define kxx_compat_remove remove
#endif

/*
 * Returns how many of @sectors sectors badblocks_set() may set at once. Before 6.7 it loses
 * sectors, or leaves entries that overlap, if the range goes on behind the beginning of another
 * entry.
 */
static inline sector_t kxx_compat_badblocks_step(struct badblocks *bad, sector_t first,
						 sector_t sectors)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 7, 0)
	unsigned int seq;
	sector_t step;
	int i;

	do {
		seq = read_seqbegin(&bad->lock);
		step = sectors;
		for (i = bad->count - 1; i >= 0 && BB_OFFSET(bad->page[i]) > first; i--)
			step = min_t(sector_t, sectors, BB_OFFSET(bad->page[i]) - first);
	} while (read_seqretry(&bad->lock, seq));
	return step;
#else
	return sectors;
#endif
}

/* Before 6.15 these return nonzero on failure, not false. */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 15, 0)
static inline int kxx_compat_badblocks_set(struct badblocks *bad, sector_t first, sector_t sectors)
{
	/*
	 * With a full list, for which newer kernels fail, badblocks_set() may lose other sectors
	 * before 6.7; since then it returns success if it has added a part of the range, and may
	 * warn.
	 */
	if (READ_ONCE(bad->count) >= MAX_BADBLOCKS)
		return -ENOSPC;
	return badblocks_set(bad, first, sectors, 1) ? -ENOSPC : 0;
}

static inline int kxx_compat_badblocks_clear(struct badblocks *bad, sector_t first,
					     sector_t sectors)
{
	return badblocks_clear(bad, first, sectors) ? -ENOSPC : 0;
}
#else
static inline int kxx_compat_badblocks_set(struct badblocks *bad, sector_t first, sector_t sectors)
{
	return badblocks_set(bad, first, sectors, 1) ? 0 : -ENOSPC;
}

static inline int kxx_compat_badblocks_clear(struct badblocks *bad, sector_t first,
					     sector_t sectors)
{
	return badblocks_clear(bad, first, sectors) ? 0 : -ENOSPC;
}
#endif

#endif
