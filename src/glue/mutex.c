// SPDX-License-Identifier: GPL-2.0
#include <linux/lockdep.h>
#include <linux/mutex.h>

#include <kxx/glue/mutex.h>

void kxx_mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key)
{
	__mutex_init(lock, name, key);
}

void kxx_mutex_destroy(struct mutex *lock)
{
	mutex_destroy(lock);
}

void kxx_mutex_lock(struct mutex *lock)
{
	mutex_lock(lock);
}

void kxx_mutex_lock_nested(struct mutex *lock, unsigned int subclass)
{
	mutex_lock_nested(lock, subclass);
}

int kxx_mutex_lock_interruptible(struct mutex *lock)
{
	return mutex_lock_interruptible(lock);
}

int kxx_mutex_lock_killable(struct mutex *lock)
{
	return mutex_lock_killable(lock);
}

bool kxx_mutex_trylock(struct mutex *lock)
{
	return mutex_trylock(lock);
}

void kxx_mutex_unlock(struct mutex *lock)
{
	mutex_unlock(lock);
}

void kxx_mutex_lockdep_assert_held(const struct mutex *lock)
{
	lockdep_assert_held(lock);
}

void kxx_mutex_lockdep_assert_not_held(const struct mutex *lock)
{
	lockdep_assert_not_held(lock);
}
