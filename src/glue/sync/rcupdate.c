// SPDX-License-Identifier: GPL-2.0
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include <kxx/glue/sync/rcupdate.h>

__always_inline void kxx_rcu_read_lock(void)
{
	rcu_read_lock();
}

__always_inline void kxx_rcu_read_unlock(void)
{
	rcu_read_unlock();
}

/* Called under the writers' lock too, where rcu_dereference() would warn. */
__always_inline void *kxx_rcu_dereference(void *const *pointer)
{
	return READ_ONCE(*pointer);
}

__always_inline void kxx_rcu_assign_pointer(void **pointer, void *value)
{
	/* Same as rcu_assign_pointer(), which needs a typed pointer. */
	smp_store_release(pointer, value);
}

struct freed {
	struct rcu_head rcu;
};

void kxx_kfree_rcu(struct callback_head *head)
{
	struct freed *object = container_of(head, struct freed, rcu);

	kfree_rcu(object, rcu);
}
