/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mutex.hpp - a mutex that contains the data it protects
 * Wraps <linux/mutex.h>. Glue: glue/sync/mutex.h
 */
#pragma once

#include <kxx/glue/sync/mutex.h>
#include <kxx/sync/lock.hpp>

KXX_LAYOUT(mutex);

namespace kxx {

namespace detail {

struct MutexOps {
	using C = struct mutex;
	static constexpr bool raw = false;
	static constexpr bool irqs_off = false;
	static constexpr bool any_order = true;

	static void lock(C *lock, unsigned long &) { kxx_mutex_lock(lock); }
	static void lock_nested(C *lock, unsigned int subclass, unsigned long &)
	{
		kxx_mutex_lock_nested(lock, subclass);
	}
	static bool try_lock(C *lock, unsigned long &) { return kxx_mutex_trylock(lock); }
	static void unlock(C *lock, unsigned long) { ::mutex_unlock(lock); }
};

/* Subclass 0 is the one that mutex_lock_interruptible() itself uses. */
template <unsigned int subclass> struct MutexInterruptibleOps : MutexOps {
	static bool try_lock(C *lock, unsigned long &)
	{
		return !kxx_mutex_lock_interruptible_nested(lock, subclass);
	}
};

template <unsigned int subclass> struct MutexKillableOps : MutexOps {
	static bool try_lock(C *lock, unsigned long &)
	{
		return !kxx_mutex_lock_killable_nested(lock, subclass);
	}
};

} // namespace detail

/**
 * Mutex - A T protected by mutex_lock()
 * @T: the data, which is stored in the mutex
 * @Tag: any type; mutexes of the same T with different tags are different lockdep classes
 *
 * The data can be reached only through a guard or in with_locked(). The rules for guards are
 * those of lock.hpp, except that code may sleep while a guard exists. Cannot be moved.
 *
 * Context: process, where sleeping is allowed. Clang refuses it under a guard of a spinlock or
 * of a LocalLock.
 *
 *     Mutex<Config> config;
 *     { auto c = config.lock(); c->name = KXX_TRY(Box<Name>::make(GFP_KERNEL)); }
 */
template <typename T, typename Tag = void> class KXX_CAPABILITY("mutex") Mutex {
	template <typename Ops> class MaybeGuard;

public:
	class Guard;
	using Base = Mutex;
	using TryGuard = MaybeGuard<detail::MutexOps>;
	using Data = T;

	/** Mutex - mutex_init(); constructs the data from @args */
	template <typename... Args>
	explicit Mutex(Args &&...args) : lock_(uninitialized), data_(std::forward<Args>(args)...)
	{
		kxx_mutex_init(lock_.get(), type_name<Mutex>(), detail::lock_class<Mutex>.get());
	}
	Mutex(const Mutex &) = delete;
	Mutex &operator=(const Mutex &) = delete;
	/** ~Mutex - mutex_destroy() */
	~Mutex() { kxx_mutex_destroy(lock_.get()); }

	/** lock - mutex_lock(): takes the mutex; held until the guard goes out of scope */
	Guard lock() const KXX_EXCLUDES_GUARDS KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(*this);
	}

	/** lock_nested - mutex_lock_nested(): the same as lock(), with a lockdep subclass */
	template <unsigned int subclass>
	Guard lock_nested(Subclass<subclass> level) const KXX_EXCLUDES_GUARDS
		KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(*this, level);
	}

	/** try_lock - mutex_trylock(): check the guard; must not be called in an interrupt */
	TryGuard try_lock() const KXX_EXCLUDES_GUARDS
		KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return TryGuard(*this);
	}

	/** lock_interruptible - mutex_lock_interruptible(): a signal ends it; check the guard */
	MaybeGuard<detail::MutexInterruptibleOps<0>> lock_interruptible() const KXX_EXCLUDES_GUARDS
		KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuard<detail::MutexInterruptibleOps<0>>(*this);
	}
	/** lock_interruptible_nested - mutex_lock_interruptible_nested(): with a subclass */
	template <unsigned int subclass>
	MaybeGuard<detail::MutexInterruptibleOps<subclass>>
	lock_interruptible_nested(Subclass<subclass>) const KXX_EXCLUDES_GUARDS
		KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuard<detail::MutexInterruptibleOps<subclass>>(*this);
	}

	/** lock_killable - mutex_lock_killable(): a fatal signal ends it; check the guard */
	MaybeGuard<detail::MutexKillableOps<0>> lock_killable() const KXX_EXCLUDES_GUARDS
		KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuard<detail::MutexKillableOps<0>>(*this);
	}
	/** lock_killable_nested - mutex_lock_killable_nested(): with a subclass */
	template <unsigned int subclass>
	MaybeGuard<detail::MutexKillableOps<subclass>>
	lock_killable_nested(Subclass<subclass>) const KXX_EXCLUDES_GUARDS
		KXX_ACQUIRE(this) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuard<detail::MutexKillableOps<subclass>>(*this);
	}

	/** with_locked - Calls @f with the data under the mutex; returns what @f returns */
	template <typename F> auto with_locked(F &&f) const KXX_MAY_SLEEP KXX_EXCLUDES(this)
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(detail::may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock();

		return std::forward<F>(f)(*guard);
	}

	/** lockdep_assert_held - Warns if lockdep knows that this task does not hold the mutex */
	void lockdep_assert_held() const KXX_ASSERT_CAPABILITY(this)
	{
		kxx_mutex_lockdep_assert_held(lock_.get());
	}
	/** lockdep_assert_not_held - Warns if lockdep knows that this task holds the mutex */
	void lockdep_assert_not_held() const { kxx_mutex_lockdep_assert_not_held(lock_.get()); }

private:
	template <typename Lock, typename Ops> friend class detail::Held;

	struct mutex *c_lock() const { return lock_.get(); }

	mutable Opaque<mutex> lock_;
	mutable T data_;
};

/**
 * Mutex::Guard - Holds the mutex until the end of the scope; must end in the task that took it
 *
 * The destructor has KXX_INHERITS_MAY_SLEEP on behalf of lock(): clang would take a
 * requirement of lock() for a capability that the guard holds and releases at its end.
 */
template <typename T, typename Tag>
class [[nodiscard]] KXX_SCOPED_CAPABILITY Mutex<T, Tag>::Guard
	: public detail::Held<Mutex, detail::MutexOps> {
	using Held = detail::Held<Mutex, detail::MutexOps>;

public:
	using Locked = Mutex;

	~Guard() KXX_RELEASE() KXX_INHERITS_MAY_SLEEP { Held::unlock(); }

	T &operator*() KXX_LIFETIMEBOUND { return Held::data(); }
	T *operator->() KXX_LIFETIMEBOUND { return &Held::data(); }

private:
	friend Mutex;

	explicit Guard(const Mutex &lock) KXX_ACQUIRE(lock) : Held(lock) { Held::lock(false); }
	template <unsigned int subclass>
	Guard(const Mutex &lock, Subclass<subclass>) KXX_ACQUIRE(lock) : Held(lock)
	{
		Held::lock_nested(subclass, false);
	}
};

/* The same as MaybeGuard of lock.hpp, but code may sleep while it exists. */
template <typename T, typename Tag>
template <typename Ops>
class [[nodiscard]] KXX_SCOPED_CAPABILITY KXX_CONSUMABLE(unknown) Mutex<T, Tag>::MaybeGuard
	: public detail::Held<Mutex, Ops> {
	using Held = detail::Held<Mutex, Ops>;

public:
	[[gnu::always_inline]] ~MaybeGuard() KXX_RELEASE() KXX_INHERITS_MAY_SLEEP
	{
		if (locked_)
			Held::unlock();
	}

	explicit operator bool() const &KXX_TEST_TYPESTATE(unconsumed) { return locked_; }
	/* `if (!mutex.lock_interruptible())` would release the mutex at once. */
	explicit operator bool() const && = delete;

	T &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		if (!locked_)
			bug();
		return Held::data();
	}
	T *operator->() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed") { return &**this; }

private:
	friend Mutex;

	explicit MaybeGuard(const Mutex &lock) KXX_ACQUIRE(lock)
		: Held(lock), locked_(Held::try_lock(false))
	{
	}

	unsigned long locked_;
};

} // namespace kxx
