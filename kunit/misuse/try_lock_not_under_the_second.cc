// SPDX-License-Identifier: GPL-2.0
// expect: acquiring context 'atomic' that is already held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

struct Pages {
	unsigned long dirty;
};

void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue, SpinLock<Pages> &pages)
{
	auto first = stats.lock();
	auto second = queue.lock(first);
#ifndef MISUSE
	auto third = pages.try_lock(second);
#else
	auto third = pages.try_lock(first);
#endif

	first->reads += second->length;
	if (third)
		third->dirty++;
}
