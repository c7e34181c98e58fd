/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/local_lock.h - <linux/local_lock.h> and <linux/percpu.h> for C++ */
#ifndef KXX_GLUE_LOCAL_LOCK_H
#define KXX_GLUE_LOCAL_LOCK_H

#include <kxx/glue/types.h>

struct lock_class_key;

#ifdef __cplusplus
struct kxx_local_lock;
#else
/* <linux/local_lock.h> needs this on PREEMPT_RT, but does not include it. */
#include <linux/spinlock.h>

#include <linux/local_lock.h>

/* A named struct for C++: local_lock_t is a typedef of a struct without a tag. */
struct kxx_local_lock {
	local_lock_t lock;
};
#endif

KXX_BEGIN_DECLS
void *kxx_alloc_percpu(size_t size, size_t align);
void kxx_free_percpu(void *memory);
void *kxx_per_cpu_ptr(void *memory, unsigned int cpu);

void *kxx_this_cpu_ptr(void *memory);

/* @lock: one CPU's lock here; in all other functions the per-CPU pointer */
void kxx_local_lock_init(struct kxx_local_lock *lock, const char *name,
			 struct lock_class_key *key);
void kxx_local_lock(struct kxx_local_lock *lock);
void kxx_local_unlock(struct kxx_local_lock *lock);
unsigned long kxx_local_lock_irqsave(struct kxx_local_lock *lock);
void kxx_local_unlock_irqrestore(struct kxx_local_lock *lock, unsigned long flags);
/* Use the kernel's count of disabled interrupts, not saved flags (since 7.3). */
void kxx_local_lock_irq_disable(struct kxx_local_lock *lock);
void kxx_local_unlock_irq_enable(struct kxx_local_lock *lock);
/* Unlocks, and leaves interrupts off. */
void kxx_local_unlock_irqs_off(struct kxx_local_lock *lock);
KXX_END_DECLS

#endif
