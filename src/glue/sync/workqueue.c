// SPDX-License-Identifier: GPL-2.0
#include <linux/workqueue.h>

#include <kxx/glue/sync/workqueue.h>

#include "../compat.h"

/* INIT_WORK() with one lockdep class per C++ type instead of one for this line of code */
void kxx_init_work(struct work_struct *work, void (*function)(struct work_struct *),
		   const char *name, struct lock_class_key *key)
{
	__init_work(work, 0);
	work->data = (atomic_long_t)WORK_DATA_INIT();
#ifdef CONFIG_LOCKDEP
	lockdep_init_map(&work->lockdep_map, name, key, 0);
#endif
	INIT_LIST_HEAD(&work->entry);
	work->func = function;
}

struct workqueue_struct *kxx_alloc_workqueue(const char *name)
{
	return alloc_workqueue("%s", WQ_MEM_RECLAIM | WQ_CPU_INTENSIVE | WQ_PERCPU, 0, name);
}

bool kxx_queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	return queue_work(wq, work);
}

void kxx_disable_work_sync(struct work_struct *work)
{
	kxx_compat_disable_work_sync(work);
}
