// SPDX-License-Identifier: GPL-2.0
// expect: releasing mutex 'first' that was not held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	using Guard = SpinLockIrq<Stats>::Guard;
	Guard first = stats.lock();
	auto second = queue.lock(first);

	first->reads++;
#ifdef MISUSE
	first.~Guard();
#endif
	second->length++;
}
