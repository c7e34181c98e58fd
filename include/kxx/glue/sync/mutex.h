/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/mutex.h - <linux/mutex.h> for C++ */
#ifndef KXX_GLUE_MUTEX_H
#define KXX_GLUE_MUTEX_H

#include <kxx/glue/types.h>

struct lock_class_key;
struct mutex;

KXX_BEGIN_DECLS
void kxx_mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
void kxx_mutex_destroy(struct mutex *lock);
void kxx_mutex_lock(struct mutex *lock);
void kxx_mutex_lock_nested(struct mutex *lock, unsigned int subclass);
int kxx_mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
int kxx_mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass);
/* mutex_trylock() is a macro since 7.0 if lockdep is on. */
int kxx_mutex_trylock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void kxx_mutex_lockdep_assert_held(const struct mutex *lock);
void kxx_mutex_lockdep_assert_not_held(const struct mutex *lock);
KXX_END_DECLS

#endif
