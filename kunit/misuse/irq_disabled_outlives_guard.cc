// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'guard' returned
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
unsigned long count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	return ++guard->reads;
}
#else
const irq::Disabled &count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	guard->reads++;
	return guard.irq();
}
#endif
