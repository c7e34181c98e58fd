// SPDX-License-Identifier: GPL-2.0
#include <linux/irqflags.h>
#include <linux/spinlock.h>

#include <kxx/glue/spinlock.h>

void kxx_spin_lock_init(struct spinlock *lock, const char *name, struct lock_class_key *key)
{
	spin_lock_init(lock);
	/* One class per C++ type, where spin_lock_init() would make one for this line. */
	lockdep_set_class_and_name(lock, key, name);
}

unsigned long kxx_spin_lock_irqsave(struct spinlock *lock) __acquires(lock)
{
	unsigned long flags;

	spin_lock_irqsave(lock, flags);
	return flags;
}

void kxx_spin_unlock_irqrestore(struct spinlock *lock, unsigned long flags) __releases(lock)
{
	spin_unlock_irqrestore(lock, flags);
}

bool kxx_irqs_disabled(void)
{
	return irqs_disabled();
}
