// SPDX-License-Identifier: GPL-2.0
// expect: that is already held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	{
		auto guard = stats.lock();

		guard->reads++;
	}
#else
	auto guard = stats.lock();

	guard->reads++;
#endif
	auto again = stats.lock();

	again->reads++;
}
