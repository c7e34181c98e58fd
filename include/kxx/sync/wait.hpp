/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wait.hpp - wait queues: sleep until a condition under a lock is true
 * Wraps <linux/wait.h>. Glue: glue/sync/wait.h
 *
 * The wait functions take the caller's guard by reference. While the task sleeps, the lock is
 * released and interrupts are on. The lock is held when the condition is evaluated and when the
 * function returns. The data may have changed in between: read it again after the wait.
 *
 * The guard must be the only one that is held. Clang refuses a second guard in the same function.
 * A guard that a caller holds is detected at run time: schedule() reports that the task is atomic.
 * If that guard disabled interrupts, a kernel with lockdep also reports both guards by name.
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/glue/sync/wait.h>
#include <kxx/sync/spinlock.hpp>

KXX_LAYOUT(wait_queue_entry);
KXX_LAYOUT(wait_queue_head);

namespace kxx {

/**
 * WaitQueueHead - wait_queue_head_t
 * @Tag: any type; there is one lockdep class for each tag
 *
 * Must not be destroyed while a task waits on it, nor before each wake_up() has returned: a task
 * may see the condition, and go on, before wake_up() is called. Cannot be moved. Context of the
 * wake_up functions: any except NMI; on PREEMPT_RT only with preemption and interrupts enabled,
 * since the lock inside the wait_queue_head_t is a spinlock_t.
 *
 *     WaitQueueHead idle;
 *     SpinLockIrq<Queue> queue;
 *
 *     auto guard = queue.lock();
 *     wait_event_lock_irq(idle, [](Queue &q) { return !q.busy; }, guard);
 *
 * and, elsewhere,
 *
 *     queue.lock()->busy = false;
 *     idle.wake_up();
 */
template <typename Tag = void> class WaitQueueHead {
public:
	/** WaitQueueHead - init_waitqueue_head() */
	WaitQueueHead() : head_(uninitialized)
	{
		::__init_waitqueue_head(head_.get(), type_name<WaitQueueHead>(),
					detail::lock_class<WaitQueueHead>.get());
	}
	WaitQueueHead(const WaitQueueHead &) = delete;
	WaitQueueHead &operator=(const WaitQueueHead &) = delete;

	/** wake_up - Wakes one exclusive waiter, and all waiters that are not exclusive */
	void wake_up() const { kxx_wake_up(head_.get(), KXX_TASK_NORMAL, 1); }
	/** wake_up_all - Wakes all waiters */
	void wake_up_all() const { kxx_wake_up(head_.get(), KXX_TASK_NORMAL, 0); }
	/** wake_up_interruptible - The same as wake_up(), for tasks in an interruptible wait */
	void wake_up_interruptible() const { kxx_wake_up(head_.get(), KXX_TASK_INTERRUPTIBLE, 1); }

	struct wait_queue_head *raw() const { return head_.get(); }

private:
	mutable Opaque<wait_queue_head> head_;
};

namespace detail {

/* The only guard that a wait can release: one of a SpinLockIrq, taken under no other guard */
template <typename Lock> using WaitGuard = Guard<Lock, SpinIrqOps, outermost<SpinIrqOps>>;

/* True for a function that takes the data of @Lock and returns bool. */
template <typename Condition, typename Lock>
concept WaitCondition =
	std::is_invocable_r_v<bool, Condition &, decltype(*std::declval<WaitGuard<Lock> &>())>;

/* Releases the lock and turns interrupts on while the task sleeps. */
class UnlockedForWait {
public:
	template <typename Lock> static void schedule(WaitGuard<Lock> &guard)
	{
		IrqGuard *list = unlock(guard);

		::schedule();
		lock(guard, list);
	}
	template <typename Lock> static long schedule_timeout(WaitGuard<Lock> &guard, long timeout)
	{
		IrqGuard *list = unlock(guard);

		timeout = ::schedule_timeout(timeout);
		lock(guard, list);
		return timeout;
	}

private:
	template <typename Lock> static IrqGuard *unlock(WaitGuard<Lock> &guard)
	{
		IrqGuard *list = nullptr;

		if constexpr (WaitGuard<Lock>::recorded)
			list = guard.record_.take_list();
		kxx_spin_unlock_irq(guard.c_lock());
		return list;
	}
	template <typename Lock> static void lock(WaitGuard<Lock> &guard, IrqGuard *list)
	{
		kxx_spin_lock_irq(guard.c_lock());
		if constexpr (WaitGuard<Lock>::recorded)
			IrqGuard::put_list(list);
	}
};

/* Does the same as ___wait_event(): returns 0, or -ERESTARTSYS if a signal ends the wait. */
template <int state, typename Tag, typename Condition, typename Lock>
int wait_event(const WaitQueueHead<Tag> &wq_head, Condition &condition, WaitGuard<Lock> &guard)
{
	Opaque<wait_queue_entry> entry(uninitialized);

	::init_wait_entry(entry.get(), 0);
	for (;;) {
		long interrupted = ::prepare_to_wait_event(wq_head.raw(), entry.get(), state);

		if (condition(*guard))
			break;
		if (state == KXX_TASK_INTERRUPTIBLE && interrupted)
			return static_cast<int>(interrupted);
		UnlockedForWait::schedule(guard);
	}
	::finish_wait(wq_head.raw(), entry.get());
	return 0;
}

/* The same with a timeout. Returns the jiffies left, or 0 after the timeout, or -ERESTARTSYS. */
template <int state, typename Tag, typename Condition, typename Lock>
long wait_event_timeout(const WaitQueueHead<Tag> &wq_head, Condition &condition,
			WaitGuard<Lock> &guard, long timeout)
{
	Opaque<wait_queue_entry> entry(uninitialized);

	::init_wait_entry(entry.get(), 0);
	for (;;) {
		long interrupted = ::prepare_to_wait_event(wq_head.raw(), entry.get(), state);

		if (condition(*guard)) {
			timeout = timeout ? timeout : 1;
			break;
		}
		if (!timeout)
			break;
		if (state == KXX_TASK_INTERRUPTIBLE && interrupted)
			return interrupted;
		timeout = UnlockedForWait::schedule_timeout(guard, timeout);
	}
	::finish_wait(wq_head.raw(), entry.get());
	return timeout;
}

} // namespace detail

/**
 * wait_event_lock_irq - Sleeps until @condition is true
 * @wq_head: the code that makes the condition true must call its wake_up()
 * @condition: is called with the data under the lock, and returns bool
 * @guard: a guard of a SpinLockIrq, the only one held, taken with interrupts on
 *
 * Does the same as the macro: init_wait_entry(); prepare_to_wait_event(); while the condition
 * is false, spin_unlock_irq(), schedule() or schedule_timeout(), spin_lock_irq(); finally
 * finish_wait(). Context: process.
 */
template <typename Tag, typename Condition, typename Lock>
	requires detail::WaitCondition<Condition, Lock>
void wait_event_lock_irq(const WaitQueueHead<Tag> &wq_head, Condition &&condition,
			 detail::WaitGuard<Lock> &guard) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	if (!condition(*guard))
		detail::wait_event<KXX_TASK_UNINTERRUPTIBLE>(wq_head, condition, guard);
}

/** wait_event_interruptible_lock_irq - The same; -ERESTARTSYS if a signal ends the wait */
template <typename Tag, typename Condition, typename Lock>
	requires detail::WaitCondition<Condition, Lock>
Result<void>
wait_event_interruptible_lock_irq(const WaitQueueHead<Tag> &wq_head, Condition &&condition,
				  detail::WaitGuard<Lock> &guard) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	if (condition(*guard))
		return {};
	return detail::known_result(
		detail::wait_event<KXX_TASK_INTERRUPTIBLE>(wq_head, condition, guard));
}

/**
 * wait_event_lock_irq_timeout - Sleeps until @condition is true, but at most @timeout jiffies
 *
 * Returns 0 after a timeout, otherwise the jiffies left, at least 1.
 */
template <typename Tag, typename Condition, typename Lock>
	requires detail::WaitCondition<Condition, Lock>
long wait_event_lock_irq_timeout(const WaitQueueHead<Tag> &wq_head, Condition &&condition,
				 detail::WaitGuard<Lock> &guard,
				 long timeout) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	if (condition(*guard))
		return timeout ? timeout : 1;
	if (!timeout)
		return 0;
	return detail::wait_event_timeout<KXX_TASK_UNINTERRUPTIBLE>(wq_head, condition, guard,
								    timeout);
}

/** wait_event_interruptible_lock_irq_timeout - The same; -ERESTARTSYS if a signal ends the wait */
template <typename Tag, typename Condition, typename Lock>
	requires detail::WaitCondition<Condition, Lock>
Result<long> wait_event_interruptible_lock_irq_timeout(const WaitQueueHead<Tag> &wq_head,
						       Condition &&condition,
						       detail::WaitGuard<Lock> &guard,
						       long timeout) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	if (condition(*guard))
		return timeout ? timeout : 1;
	if (!timeout)
		return 0;

	long left = detail::wait_event_timeout<KXX_TASK_INTERRUPTIBLE>(wq_head, condition, guard,
								       timeout);

	/* -ERESTARTSYS is the only error that prepare_to_wait_event() returns. */
	if (left < 0)
		return ERESTARTSYS;
	return left;
}

} // namespace kxx
