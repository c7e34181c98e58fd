/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/spinlock.h - <linux/spinlock.h> for C++ */
#ifndef KXX_GLUE_SPINLOCK_H
#define KXX_GLUE_SPINLOCK_H

#include <kxx/glue/types.h>

struct lock_class_key;
struct raw_spinlock;
struct spinlock;

KXX_BEGIN_DECLS
void kxx_spin_lock_init(struct spinlock *lock, const char *name, struct lock_class_key *key);
void kxx_spin_lockdep_assert_held(const struct spinlock *lock);
void kxx_spin_lockdep_assert_not_held(const struct spinlock *lock);

void kxx_spin_lock(struct spinlock *lock);
void kxx_spin_lock_nested(struct spinlock *lock, unsigned int subclass);
bool kxx_spin_trylock(struct spinlock *lock);
void kxx_spin_unlock(struct spinlock *lock);

void kxx_spin_lock_bh(struct spinlock *lock);
bool kxx_spin_trylock_bh(struct spinlock *lock);
void kxx_spin_unlock_bh(struct spinlock *lock);

void kxx_spin_lock_irq(struct spinlock *lock);
void kxx_spin_unlock_irq(struct spinlock *lock);

/* Return the flags for unlocking; 0 since 7.3, where the kernel keeps the state itself. */
unsigned long kxx_spin_lock_irq_disable(struct spinlock *lock);
unsigned long kxx_spin_lock_irq_disable_nested(struct spinlock *lock, unsigned int subclass);
bool kxx_spin_trylock_irq_disable(struct spinlock *lock, unsigned long *flags);
void kxx_spin_unlock_irq_enable(struct spinlock *lock, unsigned long flags);

void kxx_raw_spin_lock_init(struct raw_spinlock *lock, const char *name,
			    struct lock_class_key *key);
void kxx_raw_spin_lockdep_assert_held(const struct raw_spinlock *lock);
void kxx_raw_spin_lockdep_assert_not_held(const struct raw_spinlock *lock);

void kxx_raw_spin_lock(struct raw_spinlock *lock);
void kxx_raw_spin_lock_nested(struct raw_spinlock *lock, unsigned int subclass);
bool kxx_raw_spin_trylock(struct raw_spinlock *lock);
void kxx_raw_spin_unlock(struct raw_spinlock *lock);

unsigned long kxx_raw_spin_lock_irq_disable(struct raw_spinlock *lock);
unsigned long kxx_raw_spin_lock_irq_disable_nested(struct raw_spinlock *lock,
						   unsigned int subclass);
bool kxx_raw_spin_trylock_irq_disable(struct raw_spinlock *lock, unsigned long *flags);
void kxx_raw_spin_unlock_irq_enable(struct raw_spinlock *lock, unsigned long flags);
KXX_END_DECLS

#endif
