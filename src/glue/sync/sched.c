// SPDX-License-Identifier: GPL-2.0
#include <linux/sched.h>

#include <kxx/glue/sync/sched.h>

void kxx_cond_resched(void)
{
	cond_resched();
}

const void *kxx_current(void)
{
	return current;
}
