// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'wait_event_lock_irq(kxx::WaitQueueHead<>&, bool (&)(Stats&), kxx::Guard<kxx::RawSpinLockIrq<Stats>
// compiler: g++
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

bool busy(Stats &stats);

#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(RawSpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, busy, guard);
}
