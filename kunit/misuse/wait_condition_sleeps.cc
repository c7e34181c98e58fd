// SPDX-License-Identifier: GPL-2.0
// expect: function 'operator()'
#include <kxx/mm/slab.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

	wait_event_lock_irq(
		waiters,
#ifndef MISUSE
		[](Stats &) { return static_cast<bool>(Box<Stats>::make(GFP_ATOMIC)); },
#else
		[](Stats &)
			KXX_MAY_SLEEP { return static_cast<bool>(Box<Stats>::make(GFP_KERNEL)); },
#endif
		guard);
}
