// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/mm/slab.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> wait(SpinLockIrq<Stats>::Guard &guard,
			WaitQueueHead<> &waiters) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
#ifndef MISUSE
	return Box<Stats>::make(GFP_ATOMIC);
#else
	return Box<Stats>::make(GFP_KERNEL);
#endif
}
