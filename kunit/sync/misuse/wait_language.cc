// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace wait_queue_head_copied {
void wake(WaitQueueHead<> &waiters)
{
#ifndef MISUSE
	auto &same = waiters;
#else
	auto same = waiters; // expected-error {{call to deleted constructor of 'WaitQueueHead<>'}}
#endif

	same.wake_up();
}
} // namespace wait_queue_head_copied

namespace wait_condition_without_data {
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

#ifndef MISUSE
	wait_event_lock_irq(waiters, [](const Stats &now) { return now.reads > 0; }, guard);
#else
	wait_event_lock_irq(waiters, [&] { return guard->reads > 0; }, guard);
	// expected-error@-1 {{no matching function for call to 'wait_event_lock_irq'}}
#endif
}
} // namespace wait_condition_without_data

namespace wait_with_guard_of_mutex {
bool busy(Stats &stats);

#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(Mutex<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, busy, guard);
	// expected-error@-1 {{no matching function for call to 'wait_event_lock_irq'}}
}
} // namespace wait_with_guard_of_mutex

namespace wait_with_guard_of_raw_spinlock_irq {
bool busy(Stats &stats);

#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(RawSpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, busy, guard);
	// expected-error@-1 {{no matching function for call to 'wait_event_lock_irq'}}
}
} // namespace wait_with_guard_of_raw_spinlock_irq

namespace wait_with_guard_of_spinlock {
bool busy(Stats &stats);

#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(SpinLock<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, busy, guard);
	// expected-error@-1 {{no matching function for call to 'wait_event_lock_irq'}}
}
} // namespace wait_with_guard_of_spinlock

namespace wait_with_nested_guard {
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
	// expected-error@-1 {{no matching function for call to 'wait_event_lock_irq'}}
}
} // namespace wait_with_nested_guard

namespace wait_with_try_guard {
bool busy(Stats &stats);

void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto guard = stats.lock();
#else
	auto guard = stats.try_lock();
#endif

	wait_event_lock_irq(waiters, busy, guard);
	// expected-error@-1 {{no matching function for call to 'wait_event_lock_irq'}}
}
} // namespace wait_with_try_guard
