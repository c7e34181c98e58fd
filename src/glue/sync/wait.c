// SPDX-License-Identifier: GPL-2.0
#include <linux/jiffies.h>
#include <linux/sched.h>
#include <linux/wait.h>

#include <kxx/glue/sync/wait.h>

__always_inline void kxx_wake_up(struct wait_queue_head *wq_head, unsigned int state, int nr)
{
	__wake_up(wq_head, state, nr, NULL);
}

__always_inline unsigned long kxx_msecs_to_jiffies(unsigned int msecs)
{
	return msecs_to_jiffies(msecs);
}
