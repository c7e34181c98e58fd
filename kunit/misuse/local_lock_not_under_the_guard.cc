// SPDX-License-Identifier: GPL-2.0
// expect: acquiring context 'atomic' that is already held
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(SpinLock<Queue> &queue, LocalLock<Stats> &stats)
{
	auto outer = queue.lock();
#ifndef MISUSE
	auto inner = stats.lock(outer);
#else
	auto inner = stats.lock();
#endif

	inner->reads += outer->length;
}
