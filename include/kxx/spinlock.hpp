/* SPDX-License-Identifier: GPL-2.0 */
/*
 * spinlock.hpp - a spinlock that owns what it protects
 * Wraps <linux/spinlock.h>. Glue: glue/spinlock.h
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/annotations.hpp>
#include <kxx/glue/spinlock.h>
#include <kxx/layout.hpp>
#include <kxx/type_name.hpp>

KXX_LAYOUT(lock_class_key);
KXX_LAYOUT(spinlock);

namespace kxx {

namespace detail {

/* One lockdep class per lock type: the key's address is the class. */
template <typename Lock> inline constinit Opaque<lock_class_key> lock_class;

} // namespace detail

/**
 * SpinLockIrq - T behind spin_lock_irqsave()
 * @T: what the lock protects; it lives in the lock
 * @Tag: any type; locks of one T with different tags are different lockdep classes
 *
 * The data can be reached only through a guard. A guard is neither copied nor
 * moved nor put on the heap, so guards end in the reverse of the order in which
 * they began, and no guard can restore an interrupt state that another one
 * still relies on. (A guard as a class member is not refused by the language:
 * do not.)
 *
 * The lock is pinned: neither copied nor moved. lockdep knows it under the C++
 * type's name.
 *
 * Context: any but NMI, hard interrupts included. On PREEMPT_RT the lock sleeps and
 * interrupts stay on, as spin_lock_irqsave() does there: do not rely on them
 * being off, and do not take it where sleeping is forbidden on RT.
 *
 *     SpinLockIrq<Stats> stats;
 *     { auto s = stats.lock(); s->reads++; }
 */
template <typename T, typename Tag = void> class KXX_CAPABILITY("spinlock") SpinLockIrq {
public:
	class Guard;

	/** SpinLockIrq - spin_lock_init(); the data is built in place from @args */
	template <typename... Args>
	explicit SpinLockIrq(Args &&...args) : data_(std::forward<Args>(args)...)
	{
		kxx_spin_lock_init(lock_.get(), type_name<SpinLockIrq>(),
				   detail::lock_class<SpinLockIrq>.get());
	}
	SpinLockIrq(const SpinLockIrq &) = delete;
	SpinLockIrq &operator=(const SpinLockIrq &) = delete;

	/** lock - spin_lock_irqsave(); held until the guard goes out of scope */
	Guard lock() KXX_ACQUIRE() KXX_NO_THREAD_SAFETY_ANALYSIS { return Guard(*this); }

	/** with_locked - runs @f on the data with the lock held, returns what @f returns */
	template <typename F> auto with_locked(F &&f) KXX_EXCLUDES(this)
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(!std::is_reference_v<Returned> &&
				      !std::is_convertible_v<Returned, const volatile T *>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock();

		return std::forward<F>(f)(*guard);
	}

private:
	Opaque<spinlock> lock_;
	T data_;
};

/**
 * SpinLockIrq::Guard - the lock is held while this lives
 *
 * Borrows the lock. Ends with spin_unlock_irqrestore(), in the context that
 * took the lock. References to the data end with the guard.
 */
template <typename T, typename Tag>
class [[nodiscard]] KXX_SCOPED_CAPABILITY SpinLockIrq<T, Tag>::Guard {
public:
	~Guard() KXX_RELEASE() { kxx_spin_unlock_irqrestore(lock_.lock_.get(), flags_); }
	Guard(const Guard &) = delete;
	Guard &operator=(const Guard &) = delete;
	static void *operator new(size_t) = delete;
	static void *operator new[](size_t) = delete;
	static void *operator new(size_t, void *) = delete;

	T &operator*() KXX_LIFETIMEBOUND { return lock_.data_; }
	T *operator->() KXX_LIFETIMEBOUND { return &lock_.data_; }

private:
	friend SpinLockIrq;

	explicit Guard(SpinLockIrq &lock) KXX_ACQUIRE(lock)
		: lock_(lock), flags_(kxx_spin_lock_irqsave(lock.lock_.get()))
	{
	}

	SpinLockIrq &lock_;
	unsigned long flags_;
};

} // namespace kxx
