// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'TryGuard<SpinLock<Stats, void>, SpinOps, 0>'
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats)
{
	auto guard = stats.try_lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
#endif

	if (same)
		same->reads++;
}
