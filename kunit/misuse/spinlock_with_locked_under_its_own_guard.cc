// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'with_locked' while spinlock 'stats' is held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue)
{
	auto outer = stats.lock();

#ifndef MISUSE
	queue.with_locked(outer, [](Queue &locked) { locked.length++; });
#else
	stats.with_locked(outer, [](Stats &locked) { locked.reads++; });
#endif
	outer->reads += queue.with_locked(outer, [](Queue &locked) { return locked.length; });
}
