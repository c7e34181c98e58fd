// SPDX-License-Identifier: GPL-2.0
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include <kxx/glue/sync/mutex.h>

void kxx_mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	__mutex_init(lock, name, key);
}

__always_inline void kxx_mutex_destroy(struct mutex *lock)
{
	mutex_destroy(lock);
}

__always_inline void kxx_mutex_lock(struct mutex *lock)
{
	mutex_lock(lock);
}

__always_inline void kxx_mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	mutex_lock_nested(lock, subclass);
}

__always_inline int kxx_mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass)
{
	return mutex_lock_interruptible_nested(lock, subclass);
}

__always_inline int kxx_mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass)
{
	return mutex_lock_killable_nested(lock, subclass);
}

__always_inline int kxx_mutex_trylock(struct mutex *lock)
{
	return mutex_trylock(lock);
}

__always_inline void kxx_mutex_lockdep_assert_held(const struct mutex *lock)
{
	lockdep_assert_held(lock);
}

__always_inline void kxx_mutex_lockdep_assert_not_held(const struct mutex *lock)
{
	lockdep_assert_not_held(lock);
}
