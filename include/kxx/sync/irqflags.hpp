/* SPDX-License-Identifier: GPL-2.0 */
/*
 * irqflags.hpp - proof that interrupts are off, and who turns them on again
 * Mirrors <linux/irqflags.h>. Glue: glue/sync/irqflags.h
 *
 * There is no local_irq_save() here. A region without interrupts protects
 * nothing by name, and on PREEMPT_RT it forbids every spinlock_t: take a lock.
 * Where the kernel counts how often interrupts are disabled, interrupt_rc.hpp has such a region.
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/glue/sync/irqflags.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>

namespace kxx {

template <typename Handler> class Irq;
enum class HrTimerMode : unsigned int;
template <typename Owner, typename Handler, HrTimerMode mode> class HrTimer;

namespace detail {

/*
 * Nest - what is known where a guard lives, from it and from the guards that it was taken under
 * @depth: how many those are; only guards of one function count
 * @raw: it spins on PREEMPT_RT too, so nothing may be taken that sleeps there
 * @irqs_off: interrupts are off; except on PREEMPT_RT, if it is not raw
 * @irqs_perhaps_off: they may be
 * @relies: an outer guard keeps them off, so that one must not end first
 */
struct Nest {
	unsigned int depth;
	bool raw;
	bool irqs_off;
	bool irqs_perhaps_off;
	bool relies;
};

} // namespace detail

template <typename Lock, typename Ops, detail::Nest nest> class Guard;

namespace irq {

/**
 * counted - true for a kernel that counts how often interrupts are disabled, since 7.3
 *
 * The last guard to end restores the state that the first guard found, so guards may end in
 * any order. On older kernels each guard saves and restores by itself, so guards must end in
 * the reverse of the order in which they began.
 */
inline constexpr bool counted = KXX_IS_IRQ_COUNTED;

/**
 * Disabled - proof that this CPU takes no interrupts, also on PREEMPT_RT
 *
 * Only code that knows it has one to lend: a guard of a RawSpinLockIrq or of
 * local_interrupt_disable(), an hrtimer in hard mode, an interrupt handler that is never
 * threaded. A SpinLockIrq and a soft hrtimer have none, because they leave interrupts on
 * on PREEMPT_RT.
 *
 * Borrowed, as `const irq::Disabled &`: neither copied nor moved, so it can be
 * neither stored nor returned, and its address cannot be taken. What it is good
 * for is RawSpinLockIrq::lock(irq), which then saves and restores nothing.
 *
 *     static void timer_expired(Owner owner, const irq::Disabled &irq)
 *     {
 *             auto queue = raw_queue.lock(irq);
 *     }
 */
class Disabled {
public:
	Disabled(const Disabled &) = delete;
	Disabled &operator=(const Disabled &) = delete;
	const Disabled *operator&() const = delete; // NOLINT(google-runtime-operator)
	static void *operator new(size_t) = delete;
	static void *operator new(size_t, void *) = delete;

private:
	template <typename Handler> friend class kxx::Irq;
	template <typename Owner, typename Handler, HrTimerMode mode> friend class kxx::HrTimer;
	template <typename Lock, typename Ops, kxx::detail::Nest nest> friend class kxx::Guard;

	constexpr Disabled() = default;
};

} // namespace irq

namespace detail {

/* With lockdep in the kernel, each guard that disabled interrupts is on record. */
inline constexpr bool irq_guards_recorded = KXX_CONFIG_PROVE_LOCKING;

/*
 * IrqGuard - the record of a guard on this CPU that has disabled interrupts
 *
 * Guards must end in the reverse of the order in which they began, or one restores
 * "on" under another's lock. Local variables do; a guard that is a member of an
 * object need not. So the records form a list, innermost first: a guard that ends out
 * of order is reported, and leaves its flags to the next one inside it.
 *
 * Where the kernel counts, a guard may end in any order, unless it, or one inside it, relies
 * on another to keep interrupts off, or saves flags all the same, as a LocalLockIrq does. With
 * lockdep these count too, so the report is all that such an end leaves behind.
 *
 * While one is on the list interrupts are off, so the list is this CPU's. A wait,
 * which turns them on, takes the list along to wherever the task wakes up.
 */
class IrqGuard {
public:
	IrqGuard() = default;
	IrqGuard(const IrqGuard &) = delete;
	IrqGuard &operator=(const IrqGuard &) = delete;

	void begin(const char *lock, unsigned long flags, bool any_order)
	{
		lock_ = lock;
		flags_ = flags;
		any_order_ = any_order;
		outer_ = innermost();
		innermost() = this;
	}

	/* True if @flags, corrected here, must be restored: only the top of the list does that. */
	bool end(unsigned long &flags)
	{
		flags = flags_;
		if (innermost() != this) [[unlikely]]
			return end_out_of_order();
		innermost() = outer_;
		return true;
	}

	/*
	 * For a wait, which is about to turn interrupts on: the list, which this CPU
	 * then has no more. Says so if another guard than this is on it.
	 */
	IrqGuard *take_list()
	{
		IrqGuard *list = innermost();

		if (list != this || outer_) [[unlikely]]
			kxx_warn("kxx: BUG: a wait lets go of %s while the guard of %s wants "
				 "interrupts off\n",
				 lock_, list != this ? list->lock_ : outer_->lock_);
		innermost() = nullptr;
		return list;
	}
	static void put_list(IrqGuard *list) { innermost() = list; }

private:
	[[gnu::noinline]] __cold bool end_out_of_order()
	{
		IrqGuard *inside = innermost();
		IrqGuard *relies = nullptr;

		for (; inside; inside = inside->outer_) {
			if (!inside->any_order_)
				relies = inside;
			if (inside->outer_ == this)
				break;
		}
		if (!inside) {
			kxx_warn("kxx: BUG: the guard of %s ends on a CPU that did not take it\n",
				 lock_);
			return true;
		}
		inside->outer_ = outer_;
		if (any_order_ && !relies)
			return true;
		inside->flags_ = flags_;
		kxx_warn("kxx: BUG: the guard of %s ends before that of %s, which was taken later; "
			 "interrupts stay off until that one ends\n",
			 lock_, (relies ? relies : inside)->lock_);
		return irq::counted;
	}

	static IrqGuard *&innermost()
	{
		// SAFETY: the slot holds nullptr or what begin() put there; C
		// knows the type by name only.
		return *reinterpret_cast<IrqGuard **>(kxx_innermost_irq_guard());
	}

	const char *lock_;
	IrqGuard *outer_;
	unsigned long flags_;
	bool any_order_;
};

} // namespace detail

} // namespace kxx
