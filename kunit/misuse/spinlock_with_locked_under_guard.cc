// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'with_locked
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
}
