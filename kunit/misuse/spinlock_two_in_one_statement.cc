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
#ifndef MISUSE
	auto first = stats.lock();

	first->reads = queue.lock(first)->length;
#else
	stats.lock()->reads = queue.lock()->length;
#endif
}
