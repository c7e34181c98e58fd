// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'wait_event_lock_irq_timeout' while context 'atomic' is held
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

long wait(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue,
	  WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifdef MISUSE
	auto inner = queue.lock(guard);
#else
	queue.lock(guard)->length++;
#endif

	return wait_event_lock_irq_timeout(waiters, [](Stats &s) { return s.reads; }, guard, 10);
}
