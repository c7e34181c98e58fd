/* SPDX-License-Identifier: GPL-2.0 */
/*
 * wait.hpp - wait queues: sleep until a condition under a lock is true
 * Wraps <linux/wait.h>. Glue: glue/sync/wait.h
 *
 * The waits take the caller's guard by reference: the lock is released, with
 * interrupts on, while the task sleeps, and is held again whenever the condition
 * is evaluated and when the wait returns. So data that was read under the guard before
 * the wait must be read again.
 *
 * That is only right if this guard is the only one. Clang refuses a second one in
 * the same function. One that a caller holds is seen at run time: a kernel with
 * lockdep reports both by name, and schedule() reports a task that is atomic.
 */
#pragma once

#include <type_traits>

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
 * All who wait must have left before the head is destroyed. Pinned. Context of the wake_up
 * functions: any except NMI; on PREEMPT_RT only where sleeping is allowed, since the head's own
 * lock is a spinlock_t.
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

	/** wake_up - wakes one exclusive waiter, and all waiters that are not exclusive */
	void wake_up() const { kxx_wake_up(head_.get(), KXX_TASK_NORMAL, 1); }
	/** wake_up_all - wakes all waiters */
	void wake_up_all() const { kxx_wake_up(head_.get(), KXX_TASK_NORMAL, 0); }
	/** wake_up_interruptible - as wake_up(), those in an interruptible wait */
	void wake_up_interruptible() const { kxx_wake_up(head_.get(), KXX_TASK_INTERRUPTIBLE, 1); }

	struct wait_queue_head *raw() const { return head_.get(); }

private:
	mutable Opaque<wait_queue_head> head_;
};

namespace detail {

/* The one guard that a wait may let go: of a SpinLockIrq, and the outermost. */
template <typename Lock> using WaitGuard = Guard<Lock, SpinIrqOps, outermost<SpinIrqOps>>;

/* The lock is not held, and interrupts are on, for as long as the task sleeps. */
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

/* As ___wait_event(): 0, or -ERESTARTSYS where a signal ends the wait. */
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

/* As ___wait_event() with ___wait_cond_timeout(): jiffies left, at least 1; 0; -ERESTARTSYS. */
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
 * wait_event_lock_irq - sleeps until @condition is true
 * @wq_head: whose wake_up() has the condition looked at again
 * @condition: is given the data under the lock, and returns bool
 * @guard: a guard of a SpinLockIrq, the only one, taken with interrupts on
 *
 * As the macro: init_wait_entry(), prepare_to_wait_event(), and where the condition is false
 * spin_unlock_irq(), schedule() or schedule_timeout(), spin_lock_irq(); at last finish_wait().
 * Context: process.
 */
template <typename Tag, typename Condition, typename Lock>
void wait_event_lock_irq(const WaitQueueHead<Tag> &wq_head, Condition &&condition,
			 detail::WaitGuard<Lock> &guard) KXX_MAY_SLEEP_UNDER_ONE_GUARD
{
	if (!condition(*guard))
		detail::wait_event<KXX_TASK_UNINTERRUPTIBLE>(wq_head, condition, guard);
}

/** wait_event_interruptible_lock_irq - the same; -ERESTARTSYS when a signal came first */
template <typename Tag, typename Condition, typename Lock>
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
 * wait_event_lock_irq_timeout - sleeps until @condition is true, or for @timeout jiffies
 *
 * Returns the jiffies left, at least 1, when the condition is true; else 0.
 */
template <typename Tag, typename Condition, typename Lock>
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

/** wait_event_interruptible_lock_irq_timeout - the same; -ERESTARTSYS when a signal came first */
template <typename Tag, typename Condition, typename Lock>
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

	/* prepare_to_wait_event() knows no other error. */
	if (left < 0)
		return ERESTARTSYS;
	return left;
}

} // namespace kxx
