// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'guard' returned
#include <kxx/base/printk.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
unsigned long reads(SpinLock<Stats> &stats)
#else
unsigned long &reads(SpinLock<Stats> &stats)
#endif
{
	auto guard = stats.try_lock();

	if (!guard)
		bug();
	return guard->reads;
}
