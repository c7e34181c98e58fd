// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

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
	/* When one could not be made, the others have nothing to do. */
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

void kxx_test_msleep(unsigned int msecs)
{
	msleep(msecs);
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
#else
void kxx_test_fail_nth(unsigned int n)
{
}

bool kxx_test_fail_nth_happened(void)
{
	return false;
}
#endif

void kxx_test_set_capacity(struct gendisk *disk, sector_t sectors)
{
	set_capacity(disk, sectors);
}

bool kxx_test_has_complete(const struct blk_mq_tag_set *set)
{
	return set->ops->complete;
}
