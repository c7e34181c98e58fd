// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'wait_event_lock_irq' while context 'atomic' is held
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void wait(SpinLockIrq<Stats>::Guard &guard, SpinLockIrq<Queue> &queue,
	  WaitQueueHead<> &waiters) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
#ifdef MISUSE
	auto inner = queue.lock(guard);
#else
	queue.lock(guard)->length++;
#endif

	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
}
