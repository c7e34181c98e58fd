// SPDX-License-Identifier: GPL-2.0
#include <linux/hrtimer.h>

#include <kxx/glue/sync/hrtimer.h>

#include "../compat.h"

void kxx_hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),
		       enum hrtimer_mode mode)
{
	hrtimer_setup(timer, function, CLOCK_MONOTONIC, mode);
}

void kxx_hrtimer_start(struct hrtimer *timer, u64 nsec, enum hrtimer_mode mode)
{
	hrtimer_start(timer, ns_to_ktime(nsec), mode);
}

