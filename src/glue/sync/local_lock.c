// SPDX-License-Identifier: GPL-2.0
#include <linux/lockdep.h>
#include <linux/percpu.h>

#include <kxx/glue/sync/local_lock.h>

#include "../compat.h"

/*
 * Convert per-CPU pointers: C++ has them as plain void *. With GCC 14 __percpu is a qualifier of
 * the type that C++ does not have, so the conversion goes through unsigned long.
 */
#define for_cxx(memory) ((void __force *)(unsigned long)(memory))
#define for_c(memory) ((typeof(*(memory)) __percpu __force *)(unsigned long)(memory))

__always_inline void *kxx_alloc_percpu(size_t size, size_t align)
{
	return for_cxx(__alloc_percpu(size, align));
}

__always_inline void kxx_free_percpu(void *memory)
{
	free_percpu(for_c(memory));
}

__always_inline void *kxx_per_cpu_ptr(void *memory, unsigned int cpu)
{
	return per_cpu_ptr(for_c(memory), cpu);
}

__always_inline void *kxx_this_cpu_ptr(void *memory)
{
	return this_cpu_ptr(for_c(memory));
}

void kxx_local_lock_init(struct kxx_local_lock *lock, const char *name,
			 struct lock_class_key *key)
{
	local_lock_init(&lock->lock);
	/* Use one lockdep class per C++ type instead of one for this line of code. */
	lockdep_set_class_and_name(&lock->lock, key, name);
}

__always_inline void kxx_local_lock(struct kxx_local_lock *lock)
{
	local_lock(&for_c(lock)->lock);
}

__always_inline void kxx_local_unlock(struct kxx_local_lock *lock)
{
	local_unlock(&for_c(lock)->lock);
}

__always_inline unsigned long kxx_local_lock_irqsave(struct kxx_local_lock *lock)
{
	unsigned long flags;

	local_lock_irqsave(&for_c(lock)->lock, flags);
	return flags;
}

__always_inline
void kxx_local_unlock_irqrestore(struct kxx_local_lock *lock, unsigned long flags)
{
	local_unlock_irqrestore(&for_c(lock)->lock, flags);
}

/* The kernel has no such function. On PREEMPT_RT a local lock leaves interrupts on. */
void kxx_local_lock_irq_disable(struct kxx_local_lock *lock)
{
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_interrupt_disable();
	kxx_local_lock(lock);
}

void kxx_local_unlock_irq_enable(struct kxx_local_lock *lock)
{
	/* The last preempt_enable() reschedules: local_unlock() cannot with interrupts off. */
	preempt_disable();
	kxx_local_unlock(lock);
	if (!IS_ENABLED(CONFIG_PREEMPT_RT))
		local_interrupt_enable();
	preempt_enable();
}

__always_inline void kxx_local_unlock_irqs_off(struct kxx_local_lock *lock)
{
	unsigned long flags;

	local_save_flags(flags);
	local_unlock_irqrestore(&for_c(lock)->lock, flags);
}
