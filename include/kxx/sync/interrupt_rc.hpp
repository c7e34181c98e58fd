/* SPDX-License-Identifier: GPL-2.0 */
/*
 * interrupt_rc.hpp - a scope with interrupts off and no lock
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

/* This CPU's interrupts: a lock for Guard, but without data, and nobody waits for it. */
class LocalInterrupt {
	/* It relies on no outer guard, since it counts for itself. */
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
 * local_interrupt_disable - local_interrupt_disable(); interrupts are off until the guard ends,
 * which is local_interrupt_enable()
 *
 * Guards of it nest, with each other and with those of locks, in any order: the kernel
 * counts them. The guard's irq() proves to a function that interrupts are off, also on
 * PREEMPT_RT, where no spinlock_t can be taken meanwhile. Nothing may sleep or allocate.
 *
 * It protects nothing by name: take a lock where there is data. Does not compile for a kernel
 * before 7.3.
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

/** local_interrupt_disable - the same, under the guard of a lock or of another of these */
template <bool counted = irq::counted, kxx::detail::AtomicGuard Outer>
auto local_interrupt_disable(Outer &KXX_UNCONSUMED)
	KXX_ACQUIRE(kxx::detail::Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
{
	return kxx::detail::local_interrupt.disable<counted, Outer::depth + 1>();
}

} // namespace irq

} // namespace kxx
