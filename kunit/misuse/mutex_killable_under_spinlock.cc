// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'lock_killable' while context 'atomic' is held
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
#ifdef MISUSE
	auto inner = queue.lock();
#endif
	if (auto guard = stats.lock_killable()) {
#ifndef MISUSE
		auto inner = queue.lock();
#endif

		guard->reads += inner->length;
	}
}
