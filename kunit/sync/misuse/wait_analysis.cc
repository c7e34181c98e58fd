// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>
#include <kxx/sync/wait.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace wait_and_allocate_under_callers_guard {
Result<Box<Stats>> wait(SpinLockIrq<Stats>::Guard &guard,
			WaitQueueHead<> &waiters) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
#ifndef MISUSE
	return Box<Stats>::make(GFP_ATOMIC);
#else
	return Box<Stats>::make(GFP_KERNEL);
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif
}
} // namespace wait_and_allocate_under_callers_guard

namespace wait_condition_sleeps {
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

	wait_event_lock_irq(
		// expected-warning@kxx/sync/wait.hpp:* 2 {{function 'operator()'}}
		// expected-note@-2 {{requested here}}
		waiters,
#ifndef MISUSE
		[](Stats &) { return static_cast<bool>(Box<Stats>::make(GFP_ATOMIC)); },
#else
		[](Stats &)
			KXX_MAY_SLEEP { return static_cast<bool>(Box<Stats>::make(GFP_KERNEL)); },
#endif
		guard);
}
} // namespace wait_condition_sleeps

namespace wait_interruptible_timeout_under_second_guard {
Result<long> wait(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue,
		  WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifdef MISUSE
	auto inner = queue.lock(guard);
#else
	queue.lock(guard)->length++;
#endif

	return wait_event_interruptible_lock_irq_timeout(
		// expected-warning@-1 {{cannot call function 'wait_event_interruptible_lock_irq_timeout' while context 'atomic' is held}}
		waiters, [](Stats &s) { return s.reads; }, guard, 10);
}
} // namespace wait_interruptible_timeout_under_second_guard

namespace wait_interruptible_under_second_guard {
Result<void> wait(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue,
		  WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifdef MISUSE
	auto inner = queue.lock(guard);
#else
	queue.lock(guard)->length++;
#endif

	return wait_event_interruptible_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
	// expected-warning@-1 {{cannot call function 'wait_event_interruptible_lock_irq' while context 'atomic' is held}}
}
} // namespace wait_interruptible_under_second_guard

namespace wait_not_said {
#ifndef MISUSE
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
#else
void wait(SpinLockIrq<Stats> &stats, WaitQueueHead<> &waiters)
#endif
{
	auto guard = stats.lock();

	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
	// expected-warning@-1 {{requires negative capability '!atomic_context'}}
}
} // namespace wait_not_said

namespace wait_second_guard_in_callee {
void wait(SpinLockIrq<Stats>::Guard &guard, SpinLockIrq<Queue> &queue,
	  WaitQueueHead<> &waiters) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
#ifdef MISUSE
	auto inner = queue.lock(guard);
#else
	queue.lock(guard)->length++;
#endif

	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
	// expected-warning@-1 {{cannot call function 'wait_event_lock_irq' while context 'atomic' is held}}
}
} // namespace wait_second_guard_in_callee

namespace wait_timeout_under_second_guard {
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
	// expected-warning@-1 {{cannot call function 'wait_event_lock_irq_timeout' while context 'atomic' is held}}
}
} // namespace wait_timeout_under_second_guard

namespace wait_under_second_guard {
void wait(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue,
	  WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifdef MISUSE
	auto inner = queue.lock(guard);
#else
	queue.lock(guard)->length++;
#endif

	wait_event_lock_irq(waiters, [](Stats &s) { return s.reads; }, guard);
	// expected-warning@-1 {{cannot call function 'wait_event_lock_irq' while context 'atomic' is held}}
}
} // namespace wait_under_second_guard
