// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'Guard' (aka 'Guard<kxx::SpinLockIrq<Stats, void>, kxx::detail::SpinIrqOps, 0>')
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
#endif

	same->reads++;
}
