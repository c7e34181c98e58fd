/* SPDX-License-Identifier: GPL-2.0 */
/* glue/spinlock.h - <linux/spinlock.h> for C++ */
#ifndef KXX_GLUE_SPINLOCK_H
#define KXX_GLUE_SPINLOCK_H

#include <kxx/glue/types.h>

struct lock_class_key;
struct spinlock;

KXX_BEGIN_DECLS
void kxx_spin_lock_init(struct spinlock *lock, const char *name, struct lock_class_key *key);
unsigned long kxx_spin_lock_irqsave(struct spinlock *lock);
void kxx_spin_unlock_irqrestore(struct spinlock *lock, unsigned long flags);
bool kxx_irqs_disabled(void);
KXX_END_DECLS

#endif
