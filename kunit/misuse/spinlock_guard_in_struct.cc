// SPDX-License-Identifier: GPL-2.0
// expect: is still held at the end of function
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Counting {
	SpinLockIrq<Stats>::Guard guard;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	Counting counting{ stats.lock() };

	counting.guard->reads++;
#endif
}
