/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spinlock.hpp - spinlocks that contain the data they protect
 * Wraps <linux/spinlock.h>. Glue: glue/sync/spinlock.h
 *
 *                    C type          lock()                    on PREEMPT_RT
 *   SpinLock         spinlock_t      spin_lock()               sleeps, interrupts on
 *   SpinLockBh       spinlock_t      spin_lock_bh()            sleeps, interrupts on
 *   SpinLockIrq      spinlock_t      spin_lock_irqsave()       sleeps, interrupts on
 *   RawSpinLock      raw_spinlock_t  raw_spin_lock()           spins
 *   RawSpinLockIrq   raw_spinlock_t  raw_spin_lock_irqsave()   spins, interrupts off
 *
 * On kernels since 7.3 the Irq types call spin_lock_irq_disable() and
 * raw_spin_lock_irq_disable() instead.
 *
 * The type of a lock says how it is taken, so the same lock cannot be taken with interrupts off
 * in one place and with interrupts on in another. Choose the type by the contexts that take the
 * lock: SpinLockIrq if hard interrupts do, SpinLockBh if softirqs do, SpinLock if only process
 * context does. The raw types are for code that must spin even on PREEMPT_RT. Such code must be
 * short, must not allocate, and may take only raw locks.
 *
 * In all types, T is stored in the lock and can be reached only through a guard or in
 * with_locked(). @Tag is any type; locks of the same T with different tags are different lockdep
 * classes, each named after its C++ type. A lock cannot be copied or moved. It is initialised at
 * run time, so it must be a member or a local variable, not static or global. lock() cannot
 * fail. See lock.hpp for the guards, and for lock(outer).
 *
 *     SpinLockIrq<Stats> stats;
 *     { auto s = stats.lock(); s->reads++; }
 *     auto reads = stats.with_locked([](Stats &s) { return s.reads; });
 */
#pragma once

#include <kxx/glue/sync/spinlock.h>
#include <kxx/sync/lock.hpp>

KXX_LAYOUT(raw_spinlock);
KXX_LAYOUT(spinlock);

namespace kxx {

namespace detail {

/* Common to all policies for a spinlock_t */
struct SpinlockOps {
	using C = struct spinlock;
	static constexpr bool raw = false;
	static constexpr bool irqs_off = false;
	static constexpr bool any_order = true;
	static constexpr bool bh = false;

	static constexpr auto init = kxx_spin_lock_init;
	static constexpr auto unlock_only = kxx_spin_unlock;
	static constexpr auto lockdep_assert_held = kxx_spin_lockdep_assert_held;
	static constexpr auto lockdep_assert_not_held = kxx_spin_lockdep_assert_not_held;
};

struct RawSpinlockOps {
	using C = struct raw_spinlock;
	static constexpr bool raw = true;
	static constexpr bool irqs_off = false;
	static constexpr bool any_order = true;
	static constexpr bool bh = false;

	static constexpr auto init = kxx_raw_spin_lock_init;
	static constexpr auto unlock_only = kxx_raw_spin_unlock;
	static constexpr auto lockdep_assert_held = kxx_raw_spin_lockdep_assert_held;
	static constexpr auto lockdep_assert_not_held = kxx_raw_spin_lockdep_assert_not_held;
};

struct SpinOps : SpinlockOps {
	using WithIrqsOff = SpinOps;

	static void lock(C *lock, unsigned long &) { kxx_spin_lock(lock); }
	static void lock_nested(C *lock, unsigned int subclass, unsigned long &)
	{
		kxx_spin_lock_nested(lock, subclass);
	}
	static bool try_lock(C *lock, unsigned long &) { return kxx_spin_trylock(lock); }
	static void unlock(C *lock, unsigned long) { kxx_spin_unlock(lock); }
};

struct SpinBhOps : SpinlockOps {
	using WithIrqsOff = SpinBhOps;
	static constexpr bool bh = true;

	static void lock(C *lock, unsigned long &) { kxx_spin_lock_bh(lock); }
	static bool try_lock(C *lock, unsigned long &) { return kxx_spin_trylock_bh(lock); }
	static void unlock(C *lock, unsigned long) { kxx_spin_unlock_bh(lock); }
};

struct SpinIrqOps : SpinlockOps {
	/*
	 * With interrupts off already, spin_lock() is enough. With lockdep, each guard disables
	 * them nevertheless, so that they stay off if the outer guard wrongly ends first.
	 */
	using WithIrqsOff = std::conditional_t<irq_guards_recorded, SpinIrqOps, SpinOps>;
	static constexpr bool irqs_off = true;
	static constexpr bool any_order = irq::counted;

	static void lock(C *lock, unsigned long &flags) { flags = kxx_spin_lock_irq_disable(lock); }
	static void lock_nested(C *lock, unsigned int subclass, unsigned long &flags)
	{
		flags = kxx_spin_lock_irq_disable_nested(lock, subclass);
	}
	static bool try_lock(C *lock, unsigned long &flags)
	{
		/* Local: passing the address of @flags would keep the guard in memory. */
		unsigned long saved;
		bool locked = kxx_spin_trylock_irq_disable(lock, &saved);

		flags = saved;
		return locked;
	}
	static void unlock(C *lock, unsigned long flags)
	{
		kxx_spin_unlock_irq_enable(lock, flags);
	}
};

struct RawSpinIrqOps;
struct RawSpinOps;
/*
 * A guard that is taken under a proof has irq() itself. With lockdep it must be recorded, so that
 * an outer guard that ends first is reported.
 */
using RawSpinWithIrqsOff = std::conditional_t<irq_guards_recorded, RawSpinIrqOps, RawSpinOps>;

struct RawSpinOps : RawSpinlockOps {
	using WithIrqsOff = RawSpinWithIrqsOff;

	static void lock(C *lock, unsigned long &) { kxx_raw_spin_lock(lock); }
	static void lock_nested(C *lock, unsigned int subclass, unsigned long &)
	{
		kxx_raw_spin_lock_nested(lock, subclass);
	}
	static bool try_lock(C *lock, unsigned long &) { return kxx_raw_spin_trylock(lock); }
	static void unlock(C *lock, unsigned long) { kxx_raw_spin_unlock(lock); }
};

struct RawSpinIrqOps : RawSpinlockOps {
	using WithIrqsOff = RawSpinWithIrqsOff;
	static constexpr bool irqs_off = true;
	static constexpr bool any_order = irq::counted;

	static void lock(C *lock, unsigned long &flags)
	{
		flags = kxx_raw_spin_lock_irq_disable(lock);
	}
	static void lock_nested(C *lock, unsigned int subclass, unsigned long &flags)
	{
		flags = kxx_raw_spin_lock_irq_disable_nested(lock, subclass);
	}
	static bool try_lock(C *lock, unsigned long &flags)
	{
		/* Local: passing the address of @flags would keep the guard in memory. */
		unsigned long saved;
		bool locked = kxx_raw_spin_trylock_irq_disable(lock, &saved);

		flags = saved;
		return locked;
	}
	static void unlock(C *lock, unsigned long flags)
	{
		kxx_raw_spin_unlock_irq_enable(lock, flags);
	}
};

/* Nest of a guard that is taken with an irq::Disabled */
inline constexpr Nest under_disabled{ 0, true, true, true, true };

} // namespace detail

/**
 * SpinLock - A T protected by spin_lock()
 *
 * Context: process, for a lock that no interrupt takes; or softirq, for one that only softirqs
 * take. On PREEMPT_RT: only with preemption and interrupts enabled.
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("spinlock") SpinLock
	: public detail::SpinningLock<SpinLock<T, Tag>, detail::SpinOps, T> {
	using SpinLock::SpinningLock::SpinningLock;
};

/**
 * SpinLockBh - A T protected by spin_lock_bh()
 *
 * Context: process and softirq, with interrupts on. Must not be taken under a SpinLockIrq,
 * since unlocking runs softirqs. On PREEMPT_RT: only with preemption and interrupts enabled.
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("spinlock") SpinLockBh
	: public detail::SpinningLock<SpinLockBh<T, Tag>, detail::SpinBhOps, T> {
	using SpinLockBh::SpinningLock::SpinningLock;
};

/**
 * SpinLockIrq - A T protected by spin_lock_irqsave(), since 7.3 by spin_lock_irq_disable()
 *
 * Context: any except NMI, also hard interrupts. On PREEMPT_RT both functions sleep and leave
 * interrupts on. There, take the lock only with preemption and interrupts enabled, and do not rely
 * on interrupts being off under it: the guard has no irq().
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("spinlock") SpinLockIrq
	: public detail::SpinningLock<SpinLockIrq<T, Tag>, detail::SpinIrqOps, T> {
	using SpinLockIrq::SpinningLock::SpinningLock;
};

/**
 * RawSpinLock - A T protected by raw_spin_lock()
 *
 * Context: process or hard interrupt, but only one of the two may take the lock. Spins on
 * PREEMPT_RT too. Code under it must not allocate, and must not take a lock that is not raw.
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("spinlock") RawSpinLock
	: public detail::SpinningLock<RawSpinLock<T, Tag>, detail::RawSpinOps, T> {
	using RawSpinLock::SpinningLock::SpinningLock;
};

/**
 * RawSpinLockIrq - A T protected by raw_spin_lock_irqsave(), since 7.3 raw_spin_lock_irq_disable()
 *
 * Context: any except NMI. Spins with interrupts off on PREEMPT_RT too, so the guard has irq(),
 * a proof of that. Code under it must not allocate, and must not take a lock that is not raw.
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("spinlock") RawSpinLockIrq
	: public detail::SpinningLock<RawSpinLockIrq<T, Tag>, detail::RawSpinIrqOps, T> {
	using GuardUnderDisabled =
		Guard<RawSpinLockIrq, detail::RawSpinWithIrqsOff, detail::under_disabled>;

public:
	using RawSpinLockIrq::SpinningLock::lock;
	using RawSpinLockIrq::SpinningLock::SpinningLock;

	/** lock - raw_spin_lock(): @irq proves that interrupts are off already */
	GuardUnderDisabled lock(const irq::Disabled &) const
		KXX_ACQUIRE(this, detail::Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return GuardUnderDisabled(*this);
	}
};

} // namespace kxx
