// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'with_locked' while context 'atomic' is held
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

	outer->reads++;
#ifndef MISUSE
	queue.with_locked(outer, [](Queue &locked) { locked.length++; });
#else
	queue.with_locked([](Queue &locked) { locked.length++; });
#endif
}
