// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/hdreg.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "../src/glue/compat.h"
#include "testlib.h"

struct work {
	void (*function)(void *data);
	void *data;
	struct completion *start;
	struct completion done;
	struct task_struct *task;
};

static int run(void *arg)
{
	struct work *work = arg;

	wait_for_completion(work->start);
	if (work->function)
		work->function(work->data);
	complete(&work->done);
	return 0;
}

int kxx_test_run_on_each_cpu(void (*function)(void *data), void *data)
{
	DECLARE_COMPLETION_ONSTACK(start);
	struct work *works = kcalloc(nr_cpu_ids, sizeof(*works), GFP_KERNEL);
	unsigned int cpu;
	int err = 0;

	if (!works)
		return -ENOMEM;
	cpus_read_lock();
	for_each_online_cpu(cpu) {
		struct work *work = &works[cpu];
		struct task_struct *task;

		*work = (struct work){ .function = function, .data = data, .start = &start };
		init_completion(&work->done);
		task = kthread_create_on_cpu(run, work, cpu, "kxx_test/%u");
		if (IS_ERR(task)) {
			err = PTR_ERR(task);
			break;
		}
		work->task = task;
		wake_up_process(task);
	}
	/* If a thread could not be created, the others must return without calling @function. */
	for_each_online_cpu(cpu)
		if (err)
			works[cpu].function = NULL;
	complete_all(&start);
	for_each_online_cpu(cpu)
		if (works[cpu].task)
			wait_for_completion(&works[cpu].done);
	cpus_read_unlock();
	kfree(works);
	return err;
}

unsigned int kxx_test_nr_online_cpus(void)
{
	return num_online_cpus();
}

unsigned int kxx_test_cpu(void)
{
	return raw_smp_processor_id();
}

void kxx_test_msleep(unsigned int msecs)
{
	msleep(msecs);
}

void kxx_test_cond_resched(void)
{
	cond_resched();
}

void kxx_test_cpu_relax(void)
{
	cpu_relax();
}

bool kxx_test_in_softirq_disabled(void)
{
	return in_softirq();
}

bool kxx_test_preemptible(void)
{
	return preemptible();
}

void kxx_test_lockdep_off(void)
{
	lockdep_off();
}

void kxx_test_lockdep_on(void)
{
	lockdep_on();
}

void kxx_test_signal(enum kxx_test_signal pending)
{
	if (pending == KXX_TEST_FATAL_SIGNAL)
		sigaddset(&current->pending.signal, SIGKILL);
	else
		sigdelset(&current->pending.signal, SIGKILL);
	if (pending == KXX_TEST_NO_SIGNAL)
		clear_thread_flag(TIF_SIGPENDING);
	else
		set_thread_flag(TIF_SIGPENDING);
}

int kxx_test_irq_alloc(void)
{
	int irq = irq_alloc_desc(NUMA_NO_NODE);

	if (irq >= 0)
		irq_set_chip_and_handler(irq, &dummy_irq_chip, handle_simple_irq);
	return irq;
}

void kxx_test_irq_free(unsigned int irq)
{
	irq_free_desc(irq);
}

void kxx_test_irq_raise(unsigned int irq)
{
	generic_handle_irq_safe(irq);
}

u64 kxx_test_ktime_get_ns(void)
{
	return ktime_get_ns();
}

int kxx_test_bio(struct gendisk *disk, unsigned int op, sector_t sector, void *buffer,
		 unsigned int size)
{
	struct bio *bio = bio_alloc(disk->part0, 1, (__force blk_opf_t)op, GFP_KERNEL);
	int err;

	bio->bi_iter.bi_sector = sector;
	__bio_add_page(bio, virt_to_page(buffer), size, offset_in_page(buffer));
	err = submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

static void read_done(struct bio *bio)
{
	__free_page(bio_first_page_all(bio));
	bio_put(bio);
}

int kxx_test_bio_nowait(struct gendisk *disk)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct bio *bio;

	if (!page)
		return -ENOMEM;
	bio = bio_alloc(disk->part0, 1, REQ_OP_READ, GFP_KERNEL);
	__bio_add_page(bio, page, PAGE_SIZE, 0);
	bio->bi_end_io = read_done;
	submit_bio(bio);
	return 0;
}

#ifdef CONFIG_FAULT_INJECTION
void kxx_test_fail_nth(unsigned int n)
{
	current->fail_nth = n;
}

bool kxx_test_fail_nth_happened(void)
{
	bool happened = !current->fail_nth;

	current->fail_nth = 0;
	return happened;
}

void kxx_test_make_it_fail(bool fail)
{
	current->make_it_fail = fail;
}
#else
void kxx_test_fail_nth(unsigned int n)
{
}

bool kxx_test_fail_nth_happened(void)
{
	return false;
}

void kxx_test_make_it_fail(bool fail)
{
}
#endif

void kxx_test_fs_reclaim_acquire(void)
{
	fs_reclaim_acquire(GFP_KERNEL);
}

void kxx_test_fs_reclaim_release(void)
{
	fs_reclaim_release(GFP_KERNEL);
}

int kxx_test_blk_status_to_errno(blk_status_t status)
{
	return blk_status_to_errno(status);
}

void kxx_test_set_capacity(struct gendisk *disk, sector_t sectors)
{
	set_capacity(disk, sectors);
}

static const struct blk_mq_ops *drivers_ops;

static int init_inactive(struct blk_mq_hw_ctx *hctx, void *driver_data, unsigned int index)
{
	set_bit(BLK_MQ_S_INACTIVE, &hctx->state);
	return drivers_ops->init_hctx ? drivers_ops->init_hctx(hctx, driver_data, index) : 0;
}

void kxx_test_make_inactive(struct blk_mq_tag_set *set)
{
	static struct blk_mq_ops ops;

	drivers_ops = set->ops;
	ops = *drivers_ops;
	ops.init_hctx = init_inactive;
	set->ops = &ops;
}

unsigned int kxx_test_nr_inactive(struct gendisk *disk)
{
	struct blk_mq_hw_ctx *hctx;
	unsigned int nr = 0;
	unsigned long i;

	queue_for_each_hw_ctx(disk->queue, hctx, i)
		nr += test_bit(BLK_MQ_S_INACTIVE, &hctx->state);
	return nr;
}

bool kxx_test_has_op(const struct blk_mq_tag_set *set, unsigned long offset)
{
	return *(void **)((char *)set->ops + offset);
}

struct ios {
	atomic_t left;
	atomic_t good;
	atomic_t overtaken;
	atomic_long_t last;
	struct completion done;
	struct gendisk *next;
};

static void io_done(struct bio *bio)
{
	struct ios *ios = bio->bi_private;

	if (!bio->bi_status)
		atomic_inc(&ios->good);
	if (atomic_long_xchg(&ios->last, bio->bi_iter.bi_sector) > bio->bi_iter.bi_sector)
		atomic_inc(&ios->overtaken);
	if (atomic_dec_and_test(&ios->left))
		complete(&ios->done);
	__free_page(bio_first_page_all(bio));
	bio_put(bio);
}

/* Submits a bio that has completed to the next disk. */
static void io_again(struct bio *bio)
{
	struct ios *ios = bio->bi_private;
	struct page *page = bio_first_page_all(bio);
	/* The sector at the beginning of the bio: the block layer may have advanced the bio. */
	sector_t sector = round_down(bio->bi_iter.bi_sector, 2 * PAGE_SECTORS);

	if (bio->bi_status) {
		io_done(bio);
		return;
	}
	bio_reset(bio, ios->next->part0, REQ_OP_READ);
	bio->bi_iter.bi_sector = sector;
	__bio_add_page(bio, page, PAGE_SIZE, 0);
	bio->bi_end_io = io_done;
	bio->bi_private = ios;
	submit_bio(bio);
}

static int test_bios(struct gendisk *disk, struct gendisk *next, unsigned int nr, bool mixed,
		     int *overtaken)
{
	struct ios ios = { .next = next };
	struct blk_plug plug;
	unsigned int i;

	/* The submission holds one count, so that completion is not signalled too early. */
	atomic_set(&ios.left, 1);
	atomic_set(&ios.good, 0);
	atomic_set(&ios.overtaken, 0);
	atomic_long_set(&ios.last, 0);
	init_completion(&ios.done);
	blk_start_plug(&plug);
	for (i = 0; i < nr; i++) {
		struct page *page = alloc_page(GFP_KERNEL);
		struct bio *bio;

		if (!page)
			break;
		bio = bio_alloc(disk->part0, 1, mixed && i % 2 ? REQ_OP_WRITE : REQ_OP_READ,
				GFP_KERNEL);
		bio->bi_iter.bi_sector = (sector_t)i * 2 * PAGE_SECTORS;
		__bio_add_page(bio, page, PAGE_SIZE, 0);
		bio->bi_end_io = next ? io_again : io_done;
		bio->bi_private = &ios;
		atomic_inc(&ios.left);
		submit_bio(bio);
	}
	blk_finish_plug(&plug);
	if (!atomic_dec_and_test(&ios.left))
		wait_for_completion(&ios.done);
	*overtaken = atomic_read(&ios.overtaken);
	return i == nr ? atomic_read(&ios.good) : -ENOMEM;
}

int kxx_test_bios_in_order(struct gendisk *disk, unsigned int nr, bool mixed, int *overtaken)
{
	return test_bios(disk, NULL, nr, mixed, overtaken);
}

int kxx_test_bios(struct gendisk *disk, unsigned int nr, bool mixed)
{
	int overtaken;

	return test_bios(disk, NULL, nr, mixed, &overtaken);
}

int kxx_test_bios_of_two(struct gendisk *disk, struct gendisk *next, unsigned int nr)
{
	int overtaken;

	return test_bios(disk, next, nr, false, &overtaken);
}

static void polled_done(struct bio *bio)
{
	WRITE_ONCE(bio->bi_private, NULL);
}

int kxx_test_polled_bio(struct gendisk *disk)
{
	struct page *page = alloc_page(GFP_KERNEL);
	struct bio *bio;
	int err;

	if (!page)
		return -ENOMEM;
	bio = bio_alloc(disk->part0, 1, REQ_OP_READ | REQ_POLLED, GFP_KERNEL);
	__bio_add_page(bio, page, PAGE_SIZE, 0);
	bio->bi_end_io = polled_done;
	bio->bi_private = bio;
	submit_bio(bio);
	while (READ_ONCE(bio->bi_private)) {
		DEFINE_IO_COMP_BATCH(iob);

		bio_poll(bio, &iob, 0);
		if (iob.complete)
			iob.complete(&iob);
		cond_resched();
	}
	err = blk_status_to_errno(bio->bi_status);
	bio_put(bio);
	__free_page(page);
	return err;
}

bool kxx_test_lld_busy(struct request_queue *queue)
{
	return blk_lld_busy(queue);
}

void kxx_test_rcu_barrier(void)
{
	rcu_barrier();
}

int kxx_test_op(struct gendisk *disk, unsigned int op, sector_t sector, sector_t sectors)
{
	struct bio *bio;
	int err;

	if (op == (__force unsigned int)REQ_OP_FLUSH)
		return blkdev_issue_flush(disk->part0);
	bio = bio_alloc(disk->part0, 0, (__force blk_opf_t)op | REQ_SYNC, GFP_KERNEL);
	bio->bi_iter.bi_sector = sector;
	bio->bi_iter.bi_size = sectors << SECTOR_SHIFT;
	err = submit_bio_wait(bio);
	bio_put(bio);
	return err;
}

struct show {
	struct blk_mq_tag_set *set;
	struct seq_file file;
};

static bool show_one(struct request *rq, void *data)
{
#ifdef CONFIG_BLK_DEBUG_FS
	struct show *show = data;

	show->set->ops->show_rq(&show->file, rq);
#endif
	return true;
}

void kxx_test_show(char *text, unsigned long size, void (*show)(struct seq_file *file, void *data),
		   void *data)
{
	struct seq_file file = { .buf = text, .size = size - 1 };

	show(&file, data);
	text[file.count] = '\0';
}

void kxx_test_show_busy(struct blk_mq_tag_set *set, char *text, unsigned long size)
{
	struct show show = { .set = set, .file = { .buf = text, .size = size - 1 } };

	blk_mq_tagset_busy_iter(set, show_one, &show);
	text[show.file.count] = '\0';
}

static bool time_out(struct request *rq, void *data)
{
	struct blk_mq_tag_set *set = data;

	set->ops->timeout(rq);
	return true;
}

static bool add_in_flight(struct request *rq, void *data)
{
	if (!blk_mq_request_completed(rq))
		++*(int *)data;
	return true;
}

int kxx_test_nr_in_flight(struct blk_mq_tag_set *set)
{
	int in_flight = 0;

	blk_mq_tagset_busy_iter(set, add_in_flight, &in_flight);
	return in_flight;
}

void kxx_test_local_bh_disable(void)
{
	local_bh_disable();
}

void kxx_test_local_bh_enable(void)
{
	local_bh_enable();
}

void kxx_test_set_timeout(struct gendisk *disk, unsigned int msecs)
{
	blk_queue_rq_timeout(disk->queue, msecs_to_jiffies(msecs));
}

void kxx_test_time_out_busy(struct blk_mq_tag_set *set)
{
	blk_mq_tagset_busy_iter(set, time_out, set);
}

struct kxx_test_limits kxx_test_limits(struct gendisk *disk)
{
	struct block_device *bdev = disk->part0;
	struct queue_limits *limits = &disk->queue->limits;

	return (struct kxx_test_limits){
		.logical_block_size = limits->logical_block_size,
		.physical_block_size = limits->physical_block_size,
		.io_min = limits->io_min,
		.io_opt = limits->io_opt,
		.max_hw_sectors = limits->max_hw_sectors,
		.max_segments = limits->max_segments,
		.max_segment_size = limits->max_segment_size,
		.virt_boundary_mask = limits->virt_boundary_mask,
		.dma_alignment = limits->dma_alignment,
		.max_discard_sectors = limits->max_discard_sectors,
		.discard_granularity = limits->discard_granularity,
		.max_write_zeroes_sectors = limits->max_write_zeroes_sectors,
		.max_secure_erase_sectors = limits->max_secure_erase_sectors,
		.zone_sectors = bdev_is_zoned(bdev) ? bdev_zone_sectors(bdev) : 0,
		.nr_zones = bdev_nr_zones(bdev),
		.max_open_zones = bdev_max_open_zones(bdev),
		.max_active_zones = bdev_max_active_zones(bdev),
		.max_zone_append_sectors = limits->max_zone_append_sectors,
		.write_cache = bdev_write_cache(bdev),
		.fua = bdev_fua(bdev),
		.stable_writes = bdev_stable_writes(bdev),
		.rotational = kxx_compat_rotational(bdev),
		.read_only = get_disk_ro(disk),
	};
}

struct file *kxx_test_open(const char *path, bool write)
{
	return kxx_compat_filp_open(path, write ? O_RDWR : O_RDONLY);
}

int kxx_test_file_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return file->f_op->unlocked_ioctl(file, cmd, arg);
}

ssize_t kxx_test_file_read(struct file *file, char __user *to, size_t size)
{
	return file->f_op->read(file, to, size, &file->f_pos);
}

ssize_t kxx_test_file_write(struct file *file, const char __user *from, size_t size)
{
	return file->f_op->write(file, from, size, &file->f_pos);
}

bool kxx_test_file_has_read(const struct file *file)
{
	return file->f_op->read;
}

void kxx_test_close(struct file *file)
{
	fput(file);
	/* Run the deferred fput() now; a task of user space would run it on return to user mode. */
	flush_delayed_fput();
}

bool kxx_test_has_file(const char *path)
{
	struct file *file = kxx_test_open(path, false);

	if (IS_ERR(file))
		return false;
	kxx_test_close(file);
	return true;
}

int kxx_test_ioctl(const char *path, bool write, unsigned int cmd, unsigned long arg)
{
	struct file *file = kxx_test_open(path, write);
	int ret;

	if (IS_ERR(file))
		return PTR_ERR(file);
	ret = kxx_test_file_ioctl(file, cmd, arg);
	kxx_test_close(file);
	return ret;
}

void kxx_test_get_disk(struct gendisk *disk)
{
	get_device(disk_to_dev(disk));
}

void kxx_test_put_disk(struct gendisk *disk)
{
	put_device(disk_to_dev(disk));
}

bool kxx_test_disk_is_dead(const struct gendisk *disk)
{
	return test_bit(GD_DEAD, &disk->state);
}

struct kxx_test_tag_set kxx_test_tag_set(const struct gendisk *disk)
{
	const struct blk_mq_tag_set *set = disk->queue->tag_set;

	return (struct kxx_test_tag_set){
		.nr_hw_queues = set->nr_hw_queues,
		.queue_depth = set->queue_depth,
		.numa_node = set->numa_node,
		.blocking = set->flags & BLK_MQ_F_BLOCKING,
		.no_sched = set->flags & KXX_COMPAT_F_NO_SCHED,
		.hctx_shared = set->flags & BLK_MQ_F_TAG_HCTX_SHARED,
	};
}

int kxx_test_getgeo(struct gendisk *disk, unsigned int *heads, unsigned int *sectors,
		    unsigned int *cylinders)
{
	struct hd_geometry geometry = {};
	kxx_compat_getgeo_of *asked =
		__builtin_choose_expr(KXX_COMPAT_GETGEO_OF_DISK, disk, disk->part0);
	int err = disk->fops->getgeo(asked, &geometry);

	*heads = geometry.heads;
	*sectors = geometry.sectors;
	*cylinders = geometry.cylinders;
	return err;
}

int kxx_test_set_read_only(struct gendisk *disk, bool read_only)
{
	return disk->fops->set_read_only(disk->part0, read_only);
}

struct report {
	unsigned int of;
	sector_t wp;
};

static int report_one(struct blk_zone *zone, unsigned int index, void *data)
{
	struct report *report = data;

	if (index == report->of)
		report->wp = zone->wp;
	return 0;
}

int kxx_test_report_zones(struct gendisk *disk, unsigned int nr_zones, unsigned int of,
			  sector_t *wp)
{
#ifdef CONFIG_BLK_DEV_ZONED
	struct report report = { .of = of };
	int ret = blkdev_report_zones(disk->part0, 0, nr_zones, report_one, &report);

	*wp = report.wp;
	return ret;
#else
	return -EOPNOTSUPP;
#endif
}

int kxx_test_append(struct gendisk *disk, sector_t sector, void *buffer, unsigned int size,
		    sector_t *written)
{
	struct bio *bio = bio_alloc(disk->part0, 1, REQ_OP_ZONE_APPEND | REQ_SYNC, GFP_KERNEL);
	int err;

	bio->bi_iter.bi_sector = sector;
	__bio_add_page(bio, virt_to_page(buffer), size, offset_in_page(buffer));
	err = submit_bio_wait(bio);
	*written = bio->bi_iter.bi_sector;
	bio_put(bio);
	return err;
}

static int report_zone(struct blk_zone *zone, unsigned int index, void *data)
{
	struct kxx_test_zone *reported = data;

	*reported = (struct kxx_test_zone){
		.len = zone->len,
		.capacity = zone->capacity,
		.wp = zone->wp,
		.type = zone->type,
		.cond = zone->cond,
	};
	return 0;
}

int kxx_test_zone(struct gendisk *disk, sector_t sector, struct kxx_test_zone *zone)
{
#ifdef CONFIG_BLK_DEV_ZONED
	int ret = blkdev_report_zones(disk->part0, sector, 1, report_zone, zone);

	return ret == 1 ? 0 : ret ?: -ENODEV;
#else
	return -EOPNOTSUPP;
#endif
}
