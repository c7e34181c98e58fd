// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
#else
	SpinLockIrq<Stats>::Guard guard(stats);
#endif

	guard->reads++;
}
