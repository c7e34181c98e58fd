/* SPDX-License-Identifier: GPL-2.0 */
/*
 * rcupdate.hpp - RCU read-side critical sections, and grace periods
 * Wraps <linux/rcupdate.h>. Glue: glue/sync/rcupdate.h
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/glue/sync/rcupdate.h>
#include <kxx/base/layout.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/irqflags.hpp>

KXX_LAYOUT(callback_head);

namespace kxx::rcu {

/**
 * ReadLock - Holds the read lock that read_lock() took, until the end of the scope
 *
 * The object that an rcu::Pointer points to is not freed while a ReadLock exists. Cannot be
 * moved. Clang refuses to sleep while a local variable of this type exists. It must be the
 * outermost guard of its function: take a lock under it with `entry->lock.lock(rcu)`, as under
 * the guard of a lock. Context: any except NMI.
 *
 *     auto rcu = rcu::read_lock();
 *     if (auto *entry = head.dereference(rcu))
 *             use(*entry);
 */
class [[nodiscard]] KXX_SCOPED_CAPABILITY ReadLock {
public:
	/* On PREEMPT_RT a reader can be preempted, so locks that sleep there may be taken. */
	static constexpr kxx::detail::Nest nest{ 0, false, false, false, false };
	static constexpr unsigned int depth = nest.depth;

	~ReadLock() KXX_RELEASE() KXX_NO_THREAD_SAFETY_ANALYSIS { kxx_rcu_read_unlock(); }
	ReadLock(const ReadLock &) = delete;
	ReadLock &operator=(const ReadLock &) = delete;
	static void *operator new(size_t) = delete;

private:
	friend ReadLock read_lock();

	ReadLock() = default;
};

/** read_lock - rcu_read_lock(), until the end of the ReadLock */
inline ReadLock read_lock() KXX_ACQUIRE(detail::Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
{
	kxx_rcu_read_lock();
	return ReadLock();
}

/**
 * Pointer - A pointer that readers use under RCU and that writers change under a lock
 *
 * Owns nothing. Its owner must provide the lock that serialises writers. Cannot be moved. The
 * methods are const, so that a const callback can call them; the T is const only if it says so.
 * Context: any.
 */
template <typename T> class Pointer {
public:
	Pointer() = default;
	Pointer(const Pointer &) = delete;
	Pointer &operator=(const Pointer &) = delete;

	/** dereference - rcu_dereference(): valid until @lock ends; may be NULL */
	T *dereference(const ReadLock &lock KXX_LIFETIMEBOUND) const
	{
		static_cast<void>(lock);
		return protected_();
	}
	/**
	 * protected_ - rcu_dereference_protected(): reads the pointer while no writer can change it
	 *
	 * The caller must hold the writers' lock, or have another reason that excludes writers.
	 */
	T *protected_() const { return static_cast<T *>(kxx_rcu_dereference(&pointer_)); }
	/** assign - rcu_assign_pointer(): readers that see @value see its target initialised */
	void assign(T *value) const
	{
		// SAFETY: dereference() gives a const T back as const.
		kxx_rcu_assign_pointer(&pointer_, const_cast<std::remove_const_t<T> *>(value));
	}

private:
	/* mutable: like that of a lock, the methods of a driver whose callbacks are const change it. */
	mutable void *pointer_ = nullptr;
};

/**
 * GracePeriod - An RCU grace period
 *
 * A plain value. Start it after the data was made unreachable for new readers.
 */
class [[nodiscard]] GracePeriod {
public:
	/** start - start_poll_synchronize_rcu(). Context: any with interrupts on */
	static GracePeriod start() { return GracePeriod(::start_poll_synchronize_rcu()); }

	/** is_over - poll_state_synchronize_rcu(). Context: any */
	bool is_over() const { return ::poll_state_synchronize_rcu(cookie_); }
	/** wait - cond_synchronize_rcu(). Context: process, sleeps */
	void wait() const KXX_MAY_SLEEP { ::cond_synchronize_rcu(cookie_); }

private:
	explicit GracePeriod(unsigned long cookie) : cookie_(cookie) {}

	unsigned long cookie_;
};

/** RcuHead - struct rcu_head: must be the first member of an object for kfree_rcu() */
class RcuHead {
public:
	RcuHead() = default;
	RcuHead(const RcuHead &) = delete;
	RcuHead &operator=(const RcuHead &) = delete;

private:
	template <auto head, typename T> friend void kfree_rcu(Box<T> object);

	Opaque<callback_head> head_{ uninitialized };
};

namespace detail {

/* Storage for a T that a constant expression can take addresses in */
template <typename T> union Unbuilt {
	constexpr Unbuilt() : none() {}

	char none;
	T object;
};

/* True if the member @head has the address of its object */
template <typename T> consteval bool is_first_member(RcuHead T::*head)
{
	constexpr Unbuilt<T> unbuilt;

	return static_cast<const void *>(&(unbuilt.object.*head)) == &unbuilt;
}

} // namespace detail

/**
 * kfree_rcu - kfree_rcu(): frees @object after a grace period
 * @head: the RcuHead in @object, its first member
 *
 * T must have a trivial destructor. Context: any except NMI.
 *
 *     rcu::kfree_rcu<&Entry::rcu>(std::move(entry));
 */
template <auto head, typename T> void kfree_rcu(Box<T> object)
{
	static_assert(std::is_trivially_destructible_v<T>);
	static_assert(detail::is_first_member<T>(head),
		      "kfree() needs the address of the RcuHead: it must be the first member");
	// SAFETY: ~T() does nothing, and kfree() is what ~Box() would call. The RcuHead has the
	// address of the object.
	kxx_kfree_rcu((std::move(object).into_raw()->*head).head_.get());
}

} // namespace kxx::rcu
