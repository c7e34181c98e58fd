/* SPDX-License-Identifier: GPL-2.0 */
/* glue/block/blkdev.h - <linux/blkdev.h> for C++ */
#ifndef KXX_GLUE_BLKDEV_H
#define KXX_GLUE_BLKDEV_H

#include <kxx/glue/types.h>

struct blk_mq_tag_set;
struct blk_report_zones_args;
struct blk_zone;
struct block_device;
struct device;
struct gendisk;
struct hd_geometry;
struct request_queue;

/* See QueueLimits. 0 means that the block layer chooses, or that the disk lacks the feature. */
struct kxx_queue_limits {
	unsigned int logical_block_size;
	unsigned int physical_block_size;
	unsigned int io_min;
	unsigned int io_opt;
	unsigned int max_hw_sectors;
	unsigned int max_segment_size;
	unsigned long virt_boundary_mask;
	unsigned int dma_alignment;
	unsigned int max_discard_sectors;
	unsigned int discard_granularity;
	unsigned int max_write_zeroes_sectors;
	unsigned int max_secure_erase_sectors;
	unsigned int chunk_sectors;
	unsigned int max_open_zones;
	unsigned int max_active_zones;
	unsigned int max_zone_append_sectors;
	unsigned short max_segments;
	bool write_cache;
	bool fua;
	bool stable_writes;
	bool rotational;
	bool zoned;
};

/* The type report_zones_cb of the kernel */
typedef int (*kxx_report_zones_cb)(struct blk_zone *zone, unsigned int index, void *data);

/* Destination of a zone report: @args since 6.19, before that @callback with @data */
struct kxx_zone_report {
	kxx_report_zones_cb callback;
	void *data;
	struct blk_report_zones_args *args;
};

struct kxx_zone {
	sector_t start;
	sector_t len;
	sector_t capacity;
	sector_t wp;
	unsigned char type;
	unsigned char cond;
};

KXX_BEGIN_DECLS
/* Registers a free major number; returns the number or a negative errno. */
int kxx_register_blkdev(const char *name);
void unregister_blkdev(unsigned int major, const char *name);
/* Sets the number of a disk, which has one minor number; call before the disk is added. */
void kxx_disk_set_number(struct gendisk *disk, unsigned int major, unsigned int minor);
/* Returns a struct gendisk or an ERR_PTR(). */
struct gendisk *kxx_blk_mq_alloc_disk(struct blk_mq_tag_set *set,
				      const struct kxx_queue_limits *limits, void *queuedata);
/*
 * Stores @driver for the calls of block_device_operations. A file may stay open after its disk was
 * deleted, and the kernel still calls the operations for that file. So each call must get the
 * driver with kxx_disk_get_driver(), which returns NULL after kxx_disk_clear_driver().
 *
 * Call before the disk is added. Returns 0 or -ENOMEM.
 */
int kxx_disk_set_driver(struct gendisk *disk, void *driver);
/* Waits for running calls; call after del_gendisk(). Does nothing if no driver was stored. */
void kxx_disk_clear_driver(struct gendisk *disk);
/* Returns the driver, valid until kxx_disk_put_driver(); NULL after kxx_disk_clear_driver() */
void *kxx_disk_get_driver(const struct gendisk *disk);
void kxx_disk_put_driver(const struct gendisk *disk);
/*
 * @parent: the disk's device, or NULL
 * @index: follows @prefix in the disk's name; a negative one does not
 * @fops: a struct block_device_operations that C++ filled in
 */
int kxx_device_add_disk(struct device *parent, struct gendisk *disk, const void *fops,
			const char *prefix, int index, sector_t capacity, bool read_only,
			bool scan_partitions);
/* del_gendisk(), which waits for all I/O; logs a warning every 10 s while it waits */
void kxx_del_gendisk(struct gendisk *disk);
/* put_disk() for the reference of the code that allocated the disk */
void kxx_put_disk(struct gendisk *disk) KXX_TAKES(1);
/* free_disk() of block_device_operations: the last reference was dropped */
void kxx_free_disk(struct gendisk *disk);
/* Waits for kxx_free_disk() of every disk of this module; logs a warning every 10 s. */
void kxx_wait_for_disks(void);

struct request_queue *kxx_disk_queue(const struct gendisk *disk);
struct gendisk *kxx_bdev_disk(const struct block_device *bdev);
/* @opened: first argument of block_device_operations::open(), a gendisk since 6.5 */
struct gendisk *kxx_opened_disk(void *opened);
bool kxx_open_mode_reads(unsigned int mode);
bool kxx_open_mode_writes(unsigned int mode);
bool kxx_open_mode_is_exclusive(unsigned int mode);
sector_t kxx_get_capacity(struct gendisk *disk);
/* Returns 0, or -EINVAL after a line in the log: for a zoned disk, or for part of a block. */
int kxx_set_capacity_and_notify(struct gendisk *disk, sector_t sectors);
void set_disk_ro(struct gendisk *disk, bool read_only);
void kxx_set_geometry(struct hd_geometry *geometry, unsigned char heads, unsigned char sectors,
		      unsigned short cylinders);
/* Passes zone number @index of a report to its destination @to. */
int kxx_report_zone(struct gendisk *disk, const struct kxx_zone_report *to, unsigned int index,
		    const struct kxx_zone *zone);
KXX_END_DECLS

#endif
