// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'with_locked' while context 'atomic' is held
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
	auto guard = queue.lock();

	guard->length++;
#else
	queue.lock()->length++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
}
