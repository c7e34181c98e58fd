/* SPDX-License-Identifier: GPL-2.0 */
/*
 * interrupt_rc.hpp - a scope with interrupts disabled, without a lock
 * Wraps <linux/interrupt_rc.h>. Glue: glue/sync/interrupt_rc.h
 */
#pragma once

#include <kxx/glue/sync/interrupt_rc.h>
#include <kxx/sync/lock.hpp>

namespace kxx {

namespace detail {

struct LocalInterruptOps {
	static constexpr bool raw = true;
	static constexpr bool irqs_off = true;
	static constexpr bool any_order = true;

	static void lock(void *, unsigned long &) { kxx_local_interrupt_disable(); }
	static void unlock(void *, unsigned long) { kxx_local_interrupt_enable(); }
	static void unlock_only(void *) {}
};

/* This CPU's interrupts as a lock for Guard; it has no data, and taking it never waits. */
class LocalInterrupt {
	/* Relies on no outer guard: local_interrupt_disable() itself counts the nesting. */
	template <unsigned int depth>
	using GuardIn =
		Guard<LocalInterrupt, LocalInterruptOps, Nest{ depth, true, true, true, false }>;

public:
	using Base = LocalInterrupt;

	template <bool counted, unsigned int depth>
	GuardIn<depth> disable() const KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		static_assert(counted, "interrupts can be disabled without a lock only where the "
				       "kernel counts that, since 7.3: take a RawSpinLockIrq");
		return GuardIn<depth>(*this);
	}

private:
	template <typename Lock, typename Ops> friend class Held;

	void *c_lock() const { return nullptr; }
};

inline constinit const LocalInterrupt local_interrupt;

} // namespace detail

namespace irq {

/**
 * local_interrupt_disable - local_interrupt_disable(): disables interrupts until the guard is
 * destroyed, which calls local_interrupt_enable()
 *
 * These guards may nest with each other and with guards of locks, and may end in any order,
 * since the kernel counts them. The guard's irq() is a proof for functions that need
 * interrupts off. Interrupts are off on PREEMPT_RT too, so under the guard no spinlock_t may
 * be taken there. Nothing may sleep or allocate under it.
 *
 * Does not say which data it protects: for data, prefer a lock. Does not compile for kernels
 * before 7.3, which do not count.
 *
 * Context: any except NMI.
 *
 *     auto section = irq::local_interrupt_disable();
 *     read_counters(section.irq());
 */
template <bool counted = irq::counted>
auto local_interrupt_disable()
	KXX_ACQUIRE(kxx::detail::Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
{
	return kxx::detail::local_interrupt.disable<counted, 0>();
}

/** local_interrupt_disable - The same, under the guard of a lock or of another such scope */
template <bool counted = irq::counted, kxx::detail::AtomicGuard Outer>
auto local_interrupt_disable(Outer &KXX_UNCONSUMED)
	KXX_ACQUIRE(kxx::detail::Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
{
	static_assert(!Outer::nest.bh_may_end,
		      "unlock() of an outer SpinLockBh guard would run softirqs with interrupts "
		      "off: take that lock with lock()");
	return kxx::detail::local_interrupt.disable<counted, Outer::depth + 1>();
}

} // namespace irq

} // namespace kxx
