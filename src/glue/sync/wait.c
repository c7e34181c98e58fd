// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include <kxx/glue/sync/wait.h>

void kxx_init_waitqueue_head(struct wait_queue_head *wq_head, const char *name,
			     struct lock_class_key *key)
{
	__init_waitqueue_head(wq_head, name, key);
}

__always_inline void kxx_wake_up(struct wait_queue_head *wq_head, unsigned int state, int nr)
{
	__wake_up(wq_head, state, nr, NULL);
}

void kxx_init_wait_entry(struct wait_queue_entry *entry, int flags)
{
	init_wait_entry(entry, flags);
}

__always_inline
long kxx_prepare_to_wait_event(struct wait_queue_head *wq_head, struct wait_queue_entry *entry,
			       int state)
{
	return prepare_to_wait_event(wq_head, entry, state);
}

__always_inline
void kxx_finish_wait(struct wait_queue_head *wq_head, struct wait_queue_entry *entry)
{
	finish_wait(wq_head, entry);
}

__always_inline void kxx_schedule(void)
{
	schedule();
}

__always_inline long kxx_schedule_timeout(long timeout)
{
	return schedule_timeout(timeout);
}

__always_inline unsigned long kxx_msecs_to_jiffies(unsigned int msecs)
{
	return msecs_to_jiffies(msecs);
}
