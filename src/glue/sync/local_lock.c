// SPDX-License-Identifier: GPL-2.0
#include <linux/lockdep.h>
#include <linux/percpu.h>

#include <kxx/glue/sync/local_lock.h>

__always_inline void __percpu *kxx_alloc_percpu(size_t size, size_t align)
{
	return __alloc_percpu(size, align);
}

__always_inline void kxx_free_percpu(void __percpu *memory)
{
	free_percpu(memory);
}

__always_inline void *kxx_per_cpu_ptr(void __percpu *memory, unsigned int cpu)
{
	return per_cpu_ptr(memory, cpu);
}

void kxx_local_lock_init(struct kxx_local_lock *lock, const char *name,
			 struct lock_class_key *key)
{
	local_lock_init(&lock->lock);
	/* One class per C++ type, where local_lock_init() makes one for this line. */
	lockdep_set_class_and_name(&lock->lock, key, name);
}

__always_inline struct kxx_local_lock *kxx_local_lock(struct kxx_local_lock __percpu *lock)
{
	local_lock(&lock->lock);
	return this_cpu_ptr(lock);
}

__always_inline void kxx_local_unlock(struct kxx_local_lock __percpu *lock)
{
	local_unlock(&lock->lock);
}

__always_inline
struct kxx_local_lock *kxx_local_lock_irqsave(struct kxx_local_lock __percpu *lock,
					      unsigned long *flags)
{
	local_lock_irqsave(&lock->lock, *flags);
	return this_cpu_ptr(lock);
}

__always_inline
void kxx_local_unlock_irqrestore(struct kxx_local_lock __percpu *lock, unsigned long flags)
{
	local_unlock_irqrestore(&lock->lock, flags);
}

__always_inline void kxx_local_unlock_irqs_off(struct kxx_local_lock __percpu *lock)
{
	unsigned long flags;

	local_save_flags(flags);
	local_unlock_irqrestore(&lock->lock, flags);
}
