// SPDX-License-Identifier: GPL-2.0
// expect: acquiring spinlock 'stats' that is already held
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
	auto inner = queue.lock(outer);

	outer->reads += inner->length;
#else
	auto inner = stats.lock(outer);

	inner->reads += queue.lock(inner)->length;
#endif
}
