// SPDX-License-Identifier: GPL-2.0
#include <linux/blkdev.h>
#include <linux/workqueue.h>

#include <kxx/glue/workqueue.h>

/* INIT_WORK(), with one lockdep class per C++ type. */
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

bool kxx_kblockd_schedule_work(struct work_struct *work)
{
	return kblockd_schedule_work(work);
}

bool kxx_cancel_work_sync(struct work_struct *work)
{
	return cancel_work_sync(work);
}
