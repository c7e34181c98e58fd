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

void kxx_hrtimer_forward_now(struct hrtimer *timer, u64 nsec)
{
	hrtimer_forward_now(timer, ns_to_ktime(nsec));
}

void kxx_hrtimer_start_expires(struct hrtimer *timer, enum hrtimer_mode mode)
{
	hrtimer_start_expires(timer, mode);
}

