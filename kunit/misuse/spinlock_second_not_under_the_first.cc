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

void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto first = stats.lock();
#ifndef MISUSE
	auto second = queue.lock(first);
#else
	auto second = queue.lock();
#endif

	first->reads += second->length;
}
