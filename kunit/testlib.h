/* SPDX-License-Identifier: GPL-2.0 */
/* testlib.h - functions of the kernel that the suites need and that kxx does not wrap */
#ifndef KXX_TESTLIB_H
#define KXX_TESTLIB_H

#include <kxx/glue/types.h>

struct blk_mq_tag_set;
struct file;
struct gendisk;
struct request_queue;
struct seq_file;

KXX_BEGIN_DECLS
/* Runs @function(@data) in a kthread on each online CPU. Returns 0 or a negative errno. */
int kxx_test_run_on_each_cpu(void (*function)(void *data), void *data);
unsigned int kxx_test_nr_online_cpus(void);
/* Returns the current CPU; a preemptible task may have left it already. */
unsigned int kxx_test_cpu(void);
void kxx_test_msleep(unsigned int msecs);
void kxx_test_cpu_relax(void);
void kxx_test_cond_resched(void);
bool kxx_test_in_softirq_disabled(void);
bool kxx_test_preemptible(void);
/* Makes lockdep ignore the locks that the current task takes and releases until the next call. */
void kxx_test_lockdep_off(void);
void kxx_test_lockdep_on(void);
/*
 * Sets which signal is pending for the current task, a kernel thread. Only waits see the signal;
 * it is never delivered.
 */
enum kxx_test_signal { KXX_TEST_NO_SIGNAL, KXX_TEST_SIGNAL, KXX_TEST_FATAL_SIGNAL };
void kxx_test_signal(enum kxx_test_signal pending);

/* Allocates an interrupt line without a device. Returns the line or a negative errno. */
int kxx_test_irq_alloc(void);
void kxx_test_irq_free(unsigned int irq);
/* Raises an interrupt on this CPU, as if @irq had a device. */
void kxx_test_irq_raise(unsigned int irq);

u64 kxx_test_ktime_get_ns(void);

/*
 * Reads or writes @size bytes (at most a page) of @buffer at @sector through a bio, and waits.
 * @buffer must be from kmalloc(). Returns 0 or the bio's errno.
 */
int kxx_test_bio(struct gendisk *disk, unsigned int op, sector_t sector, void *buffer,
		 unsigned int size);
/* Submits a read of a page at sector 0 and does not wait for it. Returns 0 or -ENOMEM. */
int kxx_test_bio_nowait(struct gendisk *disk);
/* Makes the @n-th allocation of the current task from now on fail; see <linux/fault-inject.h>. */
void kxx_test_fail_nth(unsigned int n);
/* Cancels kxx_test_fail_nth(). Returns true if the failure has happened. */
bool kxx_test_fail_nth_happened(void);
/* Subjects the current task to faults with "task-filter", or exempts it. */
void kxx_test_make_it_fail(bool fail);
/* Tells lockdep that the task is in reclaim, where waiting for a file system is wrong. */
void kxx_test_fs_reclaim_acquire(void);
void kxx_test_fs_reclaim_release(void);

/*
 * Submits @nr reads of one page under a plug, and waits. The reads leave a gap of a page, so that
 * they cannot be merged. If @mixed, every second one is a write. Returns the number of successful
 * bios, or -ENOMEM.
 */
int kxx_test_bios(struct gendisk *disk, unsigned int nr, bool mixed);
/*
 * Does the same as kxx_test_bios(). @overtaken: the number of bios that completed directly after a
 * bio submitted later.
 */
int kxx_test_bios_in_order(struct gendisk *disk, unsigned int nr, bool mixed, int *overtaken);
/* Does the same with reads that, when they complete, are submitted again to @next. */
int kxx_test_bios_of_two(struct gendisk *disk, struct gendisk *next, unsigned int nr);
/* Submits a polled read and polls until it completes. Returns 0, the bio's errno or -ENOMEM. */
int kxx_test_polled_bio(struct gendisk *disk);
void kxx_test_rcu_barrier(void);
/* blk_lld_busy() */
bool kxx_test_lld_busy(struct request_queue *queue);
/* Sends a discard, flush or zone operation. Returns 0 or the bio's errno. */
int kxx_test_op(struct gendisk *disk, unsigned int op, sector_t sector, sector_t sectors);

int kxx_test_blk_status_to_errno(blk_status_t status);
void kxx_test_set_capacity(struct gendisk *disk, sector_t sectors);
/* Marks each hardware queue as inactive that blk-mq makes for @set from now on. */
void kxx_test_make_inactive(struct blk_mq_tag_set *set);
/* Returns the number of hardware queues that are marked as inactive. */
unsigned int kxx_test_nr_inactive(struct gendisk *disk);
/* Returns true if the member of struct blk_mq_ops at @offset is not NULL. */
bool kxx_test_has_op(const struct blk_mq_tag_set *set, unsigned long offset);
/* Calls @show(file, @data) and stores in @text what it prints. */
void kxx_test_show(char *text, unsigned long size, void (*show)(struct seq_file *file, void *data),
		   void *data);
/* Stores in @text what show_rq() prints for each busy request. */
void kxx_test_show_busy(struct blk_mq_tag_set *set, char *text, unsigned long size);
/* Returns the number of requests that were started and have neither completed nor ended. */
int kxx_test_nr_in_flight(struct blk_mq_tag_set *set);
void kxx_test_local_bh_disable(void);
void kxx_test_local_bh_enable(void);
/* Sets the time after which requests that are submitted from now on time out. */
void kxx_test_set_timeout(struct gendisk *disk, unsigned int msecs);
/* Calls the driver's timeout handler for each busy request. */
void kxx_test_time_out_busy(struct blk_mq_tag_set *set);

/* Limits of a disk as the block layer computed them, in the units of struct queue_limits. */
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
/* Opens @path, calls an ioctl and closes the file. Returns the result or a negative errno. */
int kxx_test_ioctl(const char *path, bool write, unsigned int cmd, unsigned long arg);
bool kxx_test_has_file(const char *path);
/* The steps of kxx_test_ioctl(), for a file that must stay open for longer. */
struct file *kxx_test_open(const char *path, bool write);
int kxx_test_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
/* Call the file's read() or write() with an address of user space. */
ssize_t kxx_test_file_read(struct file *file, char __user *to, size_t size);
ssize_t kxx_test_file_write(struct file *file, const char __user *from, size_t size);
bool kxx_test_file_has_read(const struct file *file);
void kxx_test_close(struct file *file);
/* Take and drop a reference to the disk, as a reader of /proc/diskstats does. */
void kxx_test_get_disk(struct gendisk *disk);
void kxx_test_put_disk(struct gendisk *disk);
/* Returns true once del_gendisk() has marked the disk as dead, so that no new I/O can start. */
bool kxx_test_disk_is_dead(const struct gendisk *disk);

/* Parameters that the driver passed to blk_mq_alloc_tag_set(). */
struct kxx_test_tag_set {
	unsigned int nr_hw_queues, queue_depth;
	int numa_node;
	bool blocking, no_sched, hctx_shared;
};

struct kxx_test_tag_set kxx_test_tag_set(const struct gendisk *disk);
int kxx_test_getgeo(struct gendisk *disk, unsigned int *heads, unsigned int *sectors,
		    unsigned int *cylinders);
int kxx_test_set_read_only(struct gendisk *disk, bool read_only);
/* Calls blkdev_report_zones() and returns its result; @wp is that of zone number @of. */
int kxx_test_report_zones(struct gendisk *disk, unsigned int nr_zones, unsigned int of,
			  sector_t *wp);
/*
 * Sends a zone append of @size bytes to the zone at @sector. Returns 0 or the bio's errno;
 * @written is the sector at which the data was written.
 */
int kxx_test_append(struct gendisk *disk, sector_t sector, void *buffer, unsigned int size,
		    sector_t *written);
/* The zone at @sector as blkdev_report_zones() reports it. */
struct kxx_test_zone {
	sector_t len, capacity, wp;
	unsigned int type, cond;
};

int kxx_test_zone(struct gendisk *disk, sector_t sector, struct kxx_test_zone *zone);
KXX_END_DECLS

#endif
