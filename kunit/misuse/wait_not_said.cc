// SPDX-License-Identifier: GPL-2.0
// expect: requires negative capability '!atomic_context'
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters)
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
}
