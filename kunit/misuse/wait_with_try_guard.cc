// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'wait_event_lock_irq(kxx::WaitQueueHead<>&, bool (&)(Stats&), kxx::TryGuard<kxx::SpinLockIrq<Stats>
// compiler: g++
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

bool busy(Stats &stats);

void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto guard = stats.lock();
#else
	auto guard = stats.try_lock();
#endif

	wait_event_lock_irq(waiters, busy, guard);
}
