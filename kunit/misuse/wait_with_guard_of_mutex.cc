// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'wait_event_lock_irq(kxx::WaitQueueHead<>&, bool (&)(Stats&), kxx::Mutex<Stats>::Guard&)
// compiler: g++
#include <kxx/sync/wait.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

bool busy(Stats &stats);

#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(Mutex<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, busy, guard);
}
