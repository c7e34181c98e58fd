// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::TryGuard<kxx::SpinLock<Stats>
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	if (auto guard = stats.try_lock())
		guard->reads++;
#else
	stats.try_lock();
#endif
}
