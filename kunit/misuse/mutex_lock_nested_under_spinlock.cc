// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'lock_nested' while context 'atomic' is held
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto outer = stats.lock_nested(SINGLE_DEPTH_NESTING);
	auto inner = queue.lock();
#else
	auto inner = queue.lock();
	auto outer = stats.lock_nested(SINGLE_DEPTH_NESTING);
#endif

	outer->reads += inner->length;
}
