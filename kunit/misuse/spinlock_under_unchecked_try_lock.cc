// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'unknown'
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
	auto outer = stats.try_lock();

#ifndef MISUSE
	if (!outer)
		return;
#endif
	auto inner = queue.lock(outer);

	inner->length++;
}
