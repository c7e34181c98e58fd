/* SPDX-License-Identifier: GPL-2.0 */
/*
 * irqflags.hpp - irq::Disabled: a proof that interrupts are off
 * Mirrors <linux/irqflags.h>. Glue: glue/sync/irqflags.h
 *
 * There is no local_irq_save() here, because it does not say which data it protects, and no
 * spinlock_t may be taken under it on PREEMPT_RT. Use a lock, or on kernels that count how
 * often interrupts are disabled, interrupt_rc.hpp.
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
 * Nest - Facts known at compile time about the place where a guard lives
 * @depth: number of guards of the same function under which this guard was taken
 * @raw: this lock spins on PREEMPT_RT too, so no lock that sleeps there may be taken under it
 * @irqs_off: interrupts are off here; on PREEMPT_RT only if @raw
 * @irqs_perhaps_off: interrupts may be off here
 * @relies: an outer guard keeps interrupts off for this one, so the outer must not end first
 * @bh_may_end: this guard or an outer one is of a SpinLockBh and may end before guards under it
 */
struct Nest {
	unsigned int depth;
	bool raw;
	bool irqs_off;
	bool irqs_perhaps_off;
	bool relies;
	bool bh_may_end = false;
};

} // namespace detail

template <typename Lock, typename Ops, detail::Nest nest> class Guard;

namespace irq {

/**
 * counted - True for kernels since 7.3, which count how often interrupts are disabled
 *
 * There, guards may end in any order: the last one that ends restores the state that the
 * first one found. On older kernels each guard saves and restores the state itself, so guards
 * must end in the reverse of the order in which they were taken.
 */
inline constexpr bool counted = KXX_IS_IRQ_COUNTED;

/**
 * Disabled - A proof that interrupts are off on this CPU, also on PREEMPT_RT
 *
 * Only these can lend one: a guard of a RawSpinLockIrq or of local_interrupt_disable(), an
 * hrtimer in mode REL_HARD, and an interrupt handler that is never threaded. SpinLockIrq and
 * hrtimers in mode REL cannot, because interrupts stay on there on PREEMPT_RT. Code that
 * specialises one of these templates of kxx, or gives Guard a lock type of its own, could make one
 * too; the compilers do not refuse that.
 *
 * Borrowed, as `const irq::Disabled &`. It cannot be copied or moved and its address cannot be
 * taken. Do not keep the reference in a member: the compilers accept that.
 * RawSpinLockIrq::lock(irq) takes it, and then does not save and disable interrupts again.
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

/* With lockdep, each guard that disabled interrupts keeps an IrqGuard. */
inline constexpr bool irq_guards_recorded = KXX_CONFIG_PROVE_LOCKING;

/*
 * IrqGuard - Run-time record of a guard on this CPU that disabled interrupts
 *
 * If a guard restores saved flags while a guard that was taken later is still alive, interrupts
 * are on under the later guard's lock. Local variables cannot end in that order, but a guard that
 * is a member of an object can. So the records of a CPU form a list, innermost guard first. A
 * guard that ends out of order is reported, and leaves its saved flags to the next guard inside
 * it, which restores them instead.
 *
 * On kernels that count (irq::counted), a guard may end in any order, unless this guard or one
 * inside it relies on an outer guard to keep interrupts off, or saves flags itself, as a
 * LocalLockIrq does. With lockdep those guards count too, so interrupts stay off, and the report
 * is the only effect.
 *
 * Interrupts are off while the list is not empty, so no other code on this CPU changes the list.
 * A wait turns interrupts on: it removes the list from this CPU, and puts it on the CPU where the
 * task wakes up.
 */
class IrqGuard {
public:
	IrqGuard() = default;
	IrqGuard(const IrqGuard &) = delete;
	IrqGuard &operator=(const IrqGuard &) = delete;

	void begin(const char *lock, unsigned long flags, bool any_order, bool relies)
	{
		lock_ = lock;
		flags_ = flags;
		any_order_ = any_order && !relies;
		relies_ = relies;
		outer_ = innermost();
		innermost() = this;
	}

	/* Sets @flags; true if the caller must restore them, false if a guard inside will do so. */
	bool end(unsigned long &flags)
	{
		flags = flags_;
		if (innermost() != this) [[unlikely]]
			return end_out_of_order();
		innermost() = outer_;
		return true;
	}

	/*
	 * Called by a wait before it turns interrupts on: removes and returns this CPU's list.
	 * Warns if the list has another guard than this one.
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
			/* If this one relies on an outer guard, its end leaves interrupts off. */
			if (relies_ ? inside->relies_ : !inside->any_order_)
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
		if ((any_order_ || relies_) && !relies)
			return true;
		inside->flags_ = flags_;
		inside->relies_ = relies_;
		kxx_warn("kxx: BUG: the guard of %s ends before that of %s, which was taken later; "
			 "interrupts stay off until that one ends\n",
			 lock_, (relies ? relies : inside)->lock_);
		return irq::counted;
	}

	static IrqGuard *&innermost()
	{
		// SAFETY: the per-CPU slot holds NULL or an IrqGuard that begin() stored. C
		// declares the slot as a void *, and only this function accesses it.
		return *reinterpret_cast<IrqGuard **>(kxx_innermost_irq_guard());
	}

	const char *lock_;
	IrqGuard *outer_;
	unsigned long flags_;
	bool any_order_;
	/* An outer guard keeps interrupts off when this one ends. */
	bool relies_;
};

} // namespace detail

} // namespace kxx
