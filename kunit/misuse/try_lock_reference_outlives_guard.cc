// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'guard' returned
#include <kxx/base/printk.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
Stats copy(SpinLock<Stats> &stats)
#else
Stats &copy(SpinLock<Stats> &stats)
#endif
{
	auto guard = stats.try_lock();

	if (!guard)
		bug();
	return *guard;
}
