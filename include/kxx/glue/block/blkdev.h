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

/* As in struct queue_limits; 0 where the block layer is to choose, or the disk cannot. */
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

/* report_zones_cb */
typedef int (*kxx_report_zones_cb)(struct blk_zone *zone, unsigned int index, void *data);

/* Where a report goes: @args from 6.19 on, before that @callback, which gets @data. */
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
/* A major number that was free, or a negative errno. */
int kxx_register_blkdev(const char *name);
void unregister_blkdev(unsigned int major, const char *name);
/* Before the disk is added; it has one minor number. */
void kxx_disk_set_number(struct gendisk *disk, unsigned int major, unsigned int minor);
/* A struct gendisk or an ERR_PTR(). */
struct gendisk *kxx_blk_mq_alloc_disk(struct blk_mq_tag_set *set,
				      const struct kxx_queue_limits *limits, void *queuedata);
/*
 * An open file outlives its disk, and still calls block_device_operations. So these get the
 * driver for each call: the disk's end waits for such calls, and later ones get NULL.
 *
 * Before the disk is added. 0 or -ENOMEM.
 */
int kxx_disk_set_driver(struct gendisk *disk, void *driver);
/* After del_gendisk(): waits for these calls. Does nothing without kxx_disk_set_driver(). */
void kxx_disk_clear_driver(struct gendisk *disk);
/* The driver until kxx_disk_put_driver(); NULL after kxx_disk_clear_driver(). */
void *kxx_disk_get_driver(const struct gendisk *disk);
void kxx_disk_put_driver(const struct gendisk *disk);
/*
 * @parent: NULL for a disk of no device
 * @index: behind @prefix in the disk's name; below 0 for none
 * @fops: a struct block_device_operations, laid out by C++ from generated offsets
 */
int kxx_device_add_disk(struct device *parent, struct gendisk *disk, const void *fops,
			const char *prefix, int index, sector_t capacity, bool read_only,
			bool scan_partitions);
/* As del_gendisk(), which waits for all I/O; says so every 10 s. */
void kxx_del_gendisk(struct gendisk *disk);
/* put_disk(), of the one who allocated the disk. */
void kxx_put_disk(struct gendisk *disk) KXX_TAKES(1);
/* free_disk() of every disk: the kernel has dropped the last reference. */
void kxx_free_disk(struct gendisk *disk);
/* Waits until kxx_free_disk() has run for every disk of this module; says so every 10 s. */
void kxx_wait_for_disks(void);

struct request_queue *kxx_disk_queue(const struct gendisk *disk);
struct gendisk *kxx_bdev_disk(const struct block_device *bdev);
/* @opened: what block_device_operations::open() gets: a block device, from 6.5 a disk */
struct gendisk *kxx_opened_disk(void *opened);
bool kxx_open_mode_reads(unsigned int mode);
bool kxx_open_mode_writes(unsigned int mode);
bool kxx_open_mode_is_exclusive(unsigned int mode);
sector_t kxx_get_capacity(struct gendisk *disk);
bool set_capacity_and_notify(struct gendisk *disk, sector_t sectors);
void set_disk_ro(struct gendisk *disk, bool read_only);
void kxx_set_geometry(struct hd_geometry *geometry, unsigned char heads, unsigned char sectors,
		      unsigned short cylinders);
/* Hands zone number @index of a report on. */
int kxx_report_zone(struct gendisk *disk, const struct kxx_zone_report *to, unsigned int index,
		    const struct kxx_zone *zone);
KXX_END_DECLS

#endif
