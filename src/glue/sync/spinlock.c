// SPDX-License-Identifier: GPL-2.0
#include <linux/lockdep.h>
#include <linux/spinlock.h>

#include <kxx/glue/sync/spinlock.h>

#include "../compat.h"

void kxx_spin_lock_init(struct spinlock *lock, const char *name, struct lock_class_key *key)
{
	spin_lock_init(lock);
	/* Use one lockdep class per C++ type instead of one for this line of code. */
	lockdep_set_class_and_name(lock, key, name);
}

__always_inline void kxx_spin_lockdep_assert_held(const struct spinlock *lock)
{
	lockdep_assert_held(lock);
}

__always_inline void kxx_spin_lockdep_assert_not_held(const struct spinlock *lock)
{
	lockdep_assert_not_held(lock);
}

__always_inline void kxx_spin_lock(struct spinlock *lock) __acquires(lock)
{
	spin_lock(lock);
}

__always_inline
void kxx_spin_lock_nested(struct spinlock *lock, unsigned int subclass) __acquires(lock)
{
	spin_lock_nested(lock, subclass);
}

__always_inline bool kxx_spin_trylock(struct spinlock *lock)
{
	return spin_trylock(lock);
}

__always_inline void kxx_spin_unlock(struct spinlock *lock) __releases(lock)
{
	spin_unlock(lock);
}

__always_inline void kxx_spin_lock_bh(struct spinlock *lock) __acquires(lock)
{
	spin_lock_bh(lock);
}

__always_inline bool kxx_spin_trylock_bh(struct spinlock *lock)
{
	return spin_trylock_bh(lock);
}

__always_inline void kxx_spin_unlock_bh(struct spinlock *lock) __releases(lock)
{
	spin_unlock_bh(lock);
}

__always_inline void kxx_spin_lock_irq(struct spinlock *lock) __acquires(lock)
{
	kxx_compat_spin_lock_irq(lock);
}

__always_inline void kxx_spin_unlock_irq(struct spinlock *lock) __releases(lock)
{
	kxx_compat_spin_unlock_irq(lock);
}

__always_inline unsigned long kxx_spin_lock_irq_disable(struct spinlock *lock) __acquires(lock)
{
	unsigned long flags;

	kxx_compat_lock_irq_disable(spin, lock, flags);
	return flags;
}

__always_inline
unsigned long kxx_spin_lock_irq_disable_nested(struct spinlock *lock, unsigned int subclass)
	__acquires(lock)
{
	unsigned long flags;

	kxx_compat_lock_irq_disable_nested(spin, lock, flags, subclass);
	return flags;
}

__always_inline __flatten
bool kxx_spin_trylock_irq_disable(struct spinlock *lock, unsigned long *flags)
{
	return kxx_compat_trylock_irq_disable(spin, lock, *flags);
}

__always_inline
void kxx_spin_unlock_irq_enable(struct spinlock *lock, unsigned long flags) __releases(lock)
{
	kxx_compat_unlock_irq_enable(spin, lock, flags);
}

void kxx_raw_spin_lock_init(struct raw_spinlock *lock, const char *name, struct lock_class_key *key)
{
	raw_spin_lock_init(lock);
	/* Use one lockdep class per C++ type instead of one for this line of code. */
	lockdep_set_class_and_name(lock, key, name);
}

__always_inline void kxx_raw_spin_lockdep_assert_held(const struct raw_spinlock *lock)
{
	lockdep_assert_held(lock);
}

__always_inline void kxx_raw_spin_lockdep_assert_not_held(const struct raw_spinlock *lock)
{
	lockdep_assert_not_held(lock);
}

__always_inline void kxx_raw_spin_lock(struct raw_spinlock *lock) __acquires(lock)
{
	raw_spin_lock(lock);
}

__always_inline
void kxx_raw_spin_lock_nested(struct raw_spinlock *lock, unsigned int subclass) __acquires(lock)
{
	raw_spin_lock_nested(lock, subclass);
}

__always_inline bool kxx_raw_spin_trylock(struct raw_spinlock *lock)
{
	return raw_spin_trylock(lock);
}

__always_inline void kxx_raw_spin_unlock(struct raw_spinlock *lock) __releases(lock)
{
	raw_spin_unlock(lock);
}

__always_inline
unsigned long kxx_raw_spin_lock_irq_disable(struct raw_spinlock *lock) __acquires(lock)
{
	unsigned long flags;

	kxx_compat_lock_irq_disable(raw_spin, lock, flags);
	return flags;
}

__always_inline
unsigned long kxx_raw_spin_lock_irq_disable_nested(struct raw_spinlock *lock, unsigned int subclass)
	__acquires(lock)
{
	unsigned long flags;

	kxx_compat_lock_irq_disable_nested(raw_spin, lock, flags, subclass);
	return flags;
}

__always_inline __flatten
bool kxx_raw_spin_trylock_irq_disable(struct raw_spinlock *lock, unsigned long *flags)
{
	return kxx_compat_trylock_irq_disable(raw_spin, lock, *flags);
}

__always_inline
void kxx_raw_spin_unlock_irq_enable(struct raw_spinlock *lock, unsigned long flags) __releases(lock)
{
	kxx_compat_unlock_irq_enable(raw_spin, lock, flags);
}
