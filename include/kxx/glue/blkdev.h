/* SPDX-License-Identifier: GPL-2.0 */
/* glue/blkdev.h - <linux/blkdev.h> for C++ */
#ifndef KXX_GLUE_BLKDEV_H
#define KXX_GLUE_BLKDEV_H

#include <kxx/glue/types.h>

struct blk_mq_tag_set;
struct device;
struct gendisk;

KXX_BEGIN_DECLS
/* A struct gendisk or an ERR_PTR(); block sizes in bytes. */
struct gendisk *kxx_blk_mq_alloc_disk(struct blk_mq_tag_set *set, unsigned int logical_block_size,
				      unsigned int physical_block_size, bool rotational,
				      void *queuedata);
/*
 * @parent: NULL for a disk of no device
 * @fops: a struct block_device_operations, laid out by C++ from generated offsets
 */
int kxx_device_add_disk(struct device *parent, struct gendisk *disk, const void *fops,
			const char *prefix, unsigned int index, sector_t capacity);
/* As del_gendisk(), which waits for all I/O; says so every 10 s. */
void kxx_del_gendisk(struct gendisk *disk);
void kxx_put_disk(struct gendisk *disk);
KXX_END_DECLS

#endif
