// SPDX-License-Identifier: GPL-2.0
#include <linux/lockdep.h>
#include <linux/percpu.h>

#include <kxx/glue/sync/local_lock.h>

/*
 * Memory of each CPU as C++ knows it, and as the kernel does: with GCC 14 __percpu is a
 * qualifier of the type, which C++ has not got.
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

void kxx_local_lock_init(struct kxx_local_lock *lock, const char *name,
			 struct lock_class_key *key)
{
	local_lock_init(&lock->lock);
	/* One class per C++ type, where local_lock_init() makes one for this line. */
	lockdep_set_class_and_name(&lock->lock, key, name);
}

__always_inline struct kxx_local_lock *kxx_local_lock(struct kxx_local_lock *lock)
{
	local_lock(&for_c(lock)->lock);
	return this_cpu_ptr(for_c(lock));
}

__always_inline void kxx_local_unlock(struct kxx_local_lock *lock)
{
	local_unlock(&for_c(lock)->lock);
}

__always_inline
struct kxx_local_lock *kxx_local_lock_irqsave(struct kxx_local_lock *lock,
					      unsigned long *flags)
{
	local_lock_irqsave(&for_c(lock)->lock, *flags);
	return this_cpu_ptr(for_c(lock));
}

__always_inline
void kxx_local_unlock_irqrestore(struct kxx_local_lock *lock, unsigned long flags)
{
	local_unlock_irqrestore(&for_c(lock)->lock, flags);
}

__always_inline void kxx_local_unlock_irqs_off(struct kxx_local_lock *lock)
{
	unsigned long flags;

	local_save_flags(flags);
	local_unlock_irqrestore(&for_c(lock)->lock, flags);
}
