// SPDX-License-Identifier: GPL-2.0
// expect: local reference 'locked' will be destroyed at the end of the full-expression
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
	Stats &locked = *guard;
#else
	Stats &locked = *stats.lock();
#endif

	locked.reads++;
}
