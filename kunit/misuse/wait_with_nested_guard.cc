// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'wait_event_lock_irq(kxx::WaitQueueHead<>&, bool (&)(Stats&), kxx::Guard<kxx::SpinLockIrq<Stats>, kxx::detail::UnderOps<kxx::detail::SpinIrqOps, kxx::detail::SpinIrqOps>, 1>&)'
// compiler: g++
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

bool busy(Stats &stats);

void wait(SpinLockIrq<Queue> &queue, SpinLockIrq<Stats> &stats,
	  WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
#ifndef MISUSE
	{
		auto outer = queue.lock();

		outer->length++;
	}
	auto guard = stats.lock();
#else
	auto outer = queue.lock();

	outer->length++;

	auto guard = stats.lock(outer);
#endif

	wait_event_lock_irq(waiters, busy, guard);
}
