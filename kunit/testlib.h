/* SPDX-License-Identifier: GPL-2.0 */
/* testlib.h - what the suites need of the kernel, beyond what kxx wraps */
#ifndef KXX_TESTLIB_H
#define KXX_TESTLIB_H

#include <kxx/glue/types.h>

struct blk_mq_tag_set;
struct file;
struct gendisk;
struct seq_file;

KXX_BEGIN_DECLS
/* Runs @function(@data) in a kthread on each online CPU at once; 0 or a negative errno. */
int kxx_test_run_on_each_cpu(void (*function)(void *data), void *data);
unsigned int kxx_test_nr_online_cpus(void);
/* The CPU that this runs on; a task that may move can be on another one when it has the answer. */
unsigned int kxx_test_cpu(void);
void kxx_test_msleep(unsigned int msecs);
void kxx_test_cpu_relax(void);
void kxx_test_cond_resched(void);
bool kxx_test_in_softirq_disabled(void);
bool kxx_test_preemptible(void);
/* The task that runs here, to be compared. */
const void *kxx_test_current(void);
/* A signal is pending for this task, a fatal one or not, or none is; nobody acts upon it. */
enum kxx_test_signal { KXX_TEST_NO_SIGNAL, KXX_TEST_SIGNAL, KXX_TEST_FATAL_SIGNAL };
void kxx_test_signal(enum kxx_test_signal pending);

/* An interrupt line with no device, or a negative errno. */
int kxx_test_irq_alloc(void);
void kxx_test_irq_free(unsigned int irq);
/* The device that the line has not interrupts this CPU. */
void kxx_test_irq_raise(unsigned int irq);

u64 kxx_test_ktime_get_ns(void);

/*
 * Reads or writes @size bytes (at most a page) of @buffer, kmalloc()ed, at
 * @sector through a bio and waits for it: 0 or the bio's errno.
 */
int kxx_test_bio(struct gendisk *disk, unsigned int op, sector_t sector, void *buffer,
		 unsigned int size);
/* Reads a page at sector 0, and nobody looks at it; 0 or -ENOMEM. */
int kxx_test_bio_nowait(struct gendisk *disk);
/* The @n-th allocation of this task from now on fails; see <linux/fault-inject.h>. */
void kxx_test_fail_nth(unsigned int n);
/* No more failures; true if the one that was asked for has happened. */
bool kxx_test_fail_nth_happened(void);
/* Faults that are set up for some tasks only are, or are not, for this one. */
void kxx_test_make_it_fail(bool fail);
/* As in reclaim: lockdep complains about an allocation that may wait for a file system. */
void kxx_test_fs_reclaim_acquire(void);
void kxx_test_fs_reclaim_release(void);

/*
 * @nr reads of a page, a page apart and so not merged, begun together under a plug and
 * waited for; every second one is a write if @mixed. How many ended well, or -ENOMEM.
 */
int kxx_test_bios(struct gendisk *disk, unsigned int nr, bool mixed);
/* The same; @overtaken: how many ended right after one that was begun later. */
int kxx_test_bios_in_order(struct gendisk *disk, unsigned int nr, bool mixed, int *overtaken);
/* A read that is polled for until it has ended: 0 or the bio's errno. */
int kxx_test_polled_bio(struct gendisk *disk);
/* An operation without data on @sectors from @sector: 0 or its errno. */
void kxx_test_rcu_barrier(void);
int kxx_test_op(struct gendisk *disk, unsigned int op, sector_t sector, sector_t sectors);

/* The errno that the block layer has for a status. */
int kxx_test_blk_status_to_errno(blk_status_t status);
void kxx_test_set_capacity(struct gendisk *disk, sector_t sectors);
/* Whether the member of struct blk_mq_ops at @offset is not NULL. */
bool kxx_test_has_op(const struct blk_mq_tag_set *set, unsigned long offset);
/* What show_rq writes of all busy requests. */
/* What @show prints with @data, to @text. */
void kxx_test_show(char *text, unsigned long size, void (*show)(struct seq_file *file, void *data),
		   void *data);
void kxx_test_show_busy(struct blk_mq_tag_set *set, char *text, unsigned long size);
/* How many requests have been started, and have neither completed nor ended. */
int kxx_test_nr_in_flight(struct blk_mq_tag_set *set);
void kxx_test_local_bh_disable(void);
void kxx_test_local_bh_enable(void);
/* Calls the timeout handler for each busy request, as blk-mq does when it is time. */
void kxx_test_time_out_busy(struct blk_mq_tag_set *set);

/* What the block layer made of the limits; in the units of struct queue_limits. */
struct kxx_test_limits {
	unsigned int logical_block_size, physical_block_size, io_min, io_opt;
	unsigned int max_hw_sectors, max_segments, max_segment_size;
	unsigned long virt_boundary_mask;
	unsigned int dma_alignment;
	unsigned int max_discard_sectors, discard_granularity;
	unsigned int max_write_zeroes_sectors, max_secure_erase_sectors;
	unsigned int zone_sectors, nr_zones, max_open_zones, max_active_zones;
	unsigned int max_zone_append_sectors;
	bool write_cache, fua, stable_writes, rotational, read_only;
};

struct kxx_test_limits kxx_test_limits(struct gendisk *disk);
/* Opens the disk's file, calls an ioctl on it, closes it: the ioctl's result, or open()'s. */
int kxx_test_ioctl(const char *path, bool write, unsigned int cmd, unsigned long arg);
bool kxx_test_has_file(const char *path);
/* The same in steps, for a file that is open for longer. */
struct file *kxx_test_open(const char *path, bool write);
int kxx_test_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
/* Calls the file's read() or write() with what user space would give. */
ssize_t kxx_test_file_read(struct file *file, char __user *to, size_t size);
ssize_t kxx_test_file_write(struct file *file, const char __user *from, size_t size);
bool kxx_test_file_has_read(const struct file *file);
void kxx_test_close(struct file *file);
/* Whether del_gendisk() is so far that no I/O begins any more. */
bool kxx_test_disk_is_dead(const struct gendisk *disk);

/* What blk_mq_alloc_tag_set() was given for the disk. */
struct kxx_test_tag_set {
	unsigned int nr_hw_queues, queue_depth;
	int numa_node;
	bool blocking, no_sched, hctx_shared;
};

struct kxx_test_tag_set kxx_test_tag_set(const struct gendisk *disk);
/* Calls the disk's getgeo() and set_read_only(). */
int kxx_test_getgeo(struct gendisk *disk, unsigned int *heads, unsigned int *sectors,
		    unsigned int *cylinders);
int kxx_test_set_read_only(struct gendisk *disk, bool read_only);
/* blkdev_report_zones(): how many, with the write pointer of zone number @of. */
int kxx_test_report_zones(struct gendisk *disk, unsigned int nr_zones, unsigned int of,
			  sector_t *wp);
/* A zone append of @size bytes to @sector's zone: 0 or its errno, and where it went. */
int kxx_test_append(struct gendisk *disk, sector_t sector, void *buffer, unsigned int size,
		    sector_t *written);
/* The zone that begins at @sector, as blkdev_report_zones() has it: 0 or its errno. */
struct kxx_test_zone {
	sector_t len, capacity, wp;
	unsigned int type, cond;
};

int kxx_test_zone(struct gendisk *disk, sector_t sector, struct kxx_test_zone *zone);
KXX_END_DECLS

#endif
