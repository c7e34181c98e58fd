/* SPDX-License-Identifier: GPL-2.0 */
/*
 * locked_by.hpp - data that is not in its lock
 * Glue: none
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/sync/lock.hpp>

namespace kxx {

/**
 * LockedBy - a T that can be reached only with a guard of one lock
 * @T: the data
 * @Lock: the type of the lock: any of spinlock.hpp, or Mutex
 *
 * Borrows the lock, which must outlive this. For one lock over many objects, as a
 * list's lock is over what the list links. Prefer data inside the lock where it
 * can be there. Pinned.
 *
 * That it is a guard of such a lock is checked at compile time. That it is this
 * very lock's, of many of that type, is one comparison at run time. (A member of
 * the same object as its lock needs no LockedBy: KXX_GUARDED_BY(lock) has clang
 * compare the objects.)
 *
 * Context: that of the guard.
 *
 *     LockedBy<State, SpinLock<List>> state(list);
 *     auto guard = list.lock();
 *     KXX_TRY(state.with(guard, [](State &s) { s.queued = true; }));
 */
template <typename T, typename Lock> class LockedBy {
public:
	/** LockedBy - the data is built in place from @args */
	template <typename... Args>
	explicit LockedBy(const Lock &lock KXX_LIFETIMEBOUND, Args &&...args)
		: lock_(lock), data_(std::forward<Args>(args)...)
	{
	}
	LockedBy(const LockedBy &) = delete;
	LockedBy &operator=(const LockedBy &) = delete;

	/**
	 * with - runs @f on the data, returns what @f returns
	 *
	 * -EINVAL, a warning and no call of @f when @guard is another lock's.
	 */
	template <detail::AnyGuard Guard, typename F>
	auto with(Guard &guard, F &&f) -> Result<std::invoke_result_t<F, T &>>
		requires std::is_same_v<typename Guard::Locked, Lock>
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(detail::may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with()");
		if (!guard.is_of(lock_)) [[unlikely]] {
			wrong_lock();
			return EINVAL;
		}
		if constexpr (std::is_void_v<Returned>) {
			std::forward<F>(f)(data_);
			return {};
		} else {
			return Result<Returned>(std::forward<F>(f)(data_));
		}
	}

private:
	[[gnu::noinline]] static __cold void wrong_lock()
	{
		kxx_warn("kxx: BUG: %s::with() under another lock of that type\n",
			 type_name<LockedBy>());
	}

	const Lock &lock_;
	T data_;
};

} // namespace kxx
