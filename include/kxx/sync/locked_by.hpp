/* SPDX-License-Identifier: GPL-2.0 */
/*
 * locked_by.hpp - data that is stored outside of the lock that protects it
 * Glue: none
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/sync/lock.hpp>

namespace kxx {

/**
 * LockedBy - A T that can be reached only with a guard of one certain lock
 * @T: the data
 * @Lock: the type of the lock: one of spinlock.hpp, or Mutex
 *
 * Use it for one lock that protects many objects, such as the lock of a list and the objects in
 * the list. Borrows the lock, which must outlive this object. Prefer data inside the lock where
 * possible. Cannot be moved.
 *
 * The compiler checks that the guard belongs to a lock of type @Lock. A comparison at run time
 * checks that it belongs to this very lock. (For a member of the same object as its lock, use
 * KXX_GUARDED_BY(lock) instead: there clang compares the objects.)
 *
 * Context: the same as for the guard. Under a Mutex, with() counts as a function that sleeps.
 *
 *     LockedBy<State, SpinLock<List>> state(list);
 *     auto guard = list.lock();
 *     KXX_TRY(state.with(guard, [](State &s) { s.queued = true; }));
 */
template <typename T, typename Lock> class LockedBy {
	template <typename F> using Opened = Result<std::invoke_result_t<F, T &>>;

public:
	/** LockedBy - Constructs the data from @args; @lock protects it */
	template <typename... Args>
	explicit LockedBy(const Lock &lock KXX_LIFETIMEBOUND, Args &&...args)
		: lock_(lock), data_(std::forward<Args>(args)...)
	{
	}
	LockedBy(const LockedBy &) = delete;
	LockedBy &operator=(const LockedBy &) = delete;

	/**
	 * with - Calls @f with the data; returns what @f returns
	 *
	 * If @guard belongs to another lock, warns and returns -EINVAL without a call of @f.
	 */
	template <detail::AtomicGuard Guard, typename F>
		requires std::is_same_v<typename Guard::Locked, Lock>
	Opened<F> with(Guard &guard, F &&f) const
	{
		if (!opens<F>(guard)) [[unlikely]]
			return EINVAL;
		if constexpr (std::is_void_v<std::invoke_result_t<F, T &>>) {
			std::forward<F>(f)(data_);
			return {};
		} else {
			return Opened<F>(std::forward<F>(f)(data_));
		}
	}
	/** with - The same, under the guard of a Mutex: @f may sleep */
	template <detail::AnyGuard Guard, typename F>
		requires(!detail::AtomicGuard<Guard> &&
			 std::is_same_v<typename Guard::Locked, Lock>)
	Opened<F> with(Guard &guard, F &&f) const KXX_MAY_SLEEP
	{
		if (!opens<F>(guard)) [[unlikely]]
			return EINVAL;
		if constexpr (std::is_void_v<std::invoke_result_t<F, T &>>) {
			std::forward<F>(f)(data_);
			return {};
		} else {
			return Opened<F>(std::forward<F>(f)(data_));
		}
	}

private:
	/* True if @guard belongs to this object's lock; warns if not. */
	template <typename F, typename Guard> bool opens(const Guard &guard) const
	{
		static_assert(detail::may_leave_lock<std::invoke_result_t<F, T &>, T>,
			      "a reference to locked data must not leave with()");
		if (!guard.is_of(lock_)) [[unlikely]] {
			wrong_lock();
			return false;
		}
		return true;
	}
	[[gnu::noinline]] static __cold void wrong_lock()
	{
		kxx_warn("kxx: BUG: %s::with() under another lock of that type\n",
			 type_name<LockedBy>());
	}

	const Lock &lock_;
	/* mutable: with() is const, as lock() is, and the guard gives write access (lock.hpp). */
	mutable T data_;
};

} // namespace kxx
