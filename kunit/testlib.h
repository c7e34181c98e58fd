/* SPDX-License-Identifier: GPL-2.0 */
/* testlib.h - what the suites need of the kernel, beyond what kxx wraps */
#ifndef KXX_TESTLIB_H
#define KXX_TESTLIB_H

#include <kxx/glue/types.h>

struct blk_mq_tag_set;
struct gendisk;

KXX_BEGIN_DECLS
/* Runs @function(@data) in a kthread on each online CPU at once; 0 or a negative errno. */
int kxx_test_run_on_each_cpu(void (*function)(void *data), void *data);
unsigned int kxx_test_nr_online_cpus(void);
void kxx_test_msleep(unsigned int msecs);
void kxx_test_cpu_relax(void);
bool kxx_test_in_softirq_disabled(void);
bool kxx_test_preemptible(void);
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

void kxx_test_set_capacity(struct gendisk *disk, sector_t sectors);
bool kxx_test_has_complete(const struct blk_mq_tag_set *set);
KXX_END_DECLS

#endif
