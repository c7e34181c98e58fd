/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lock.hpp - common parts of all locks: the data inside, and the guards
 * Glue: none; the policy of a lock type calls the C functions.
 *
 * In C, only the order of the code pairs spin_lock_irqsave() with its restore. A guard that
 * could be moved, or dropped by hand, would break that pairing: if the first of two guards were
 * dropped first, it would turn interrupts on under the lock of the second. Therefore a guard
 *
 *   - is built in place where lock() is called, and can be neither copied, moved nor swapped.
 *     Guards that are local variables end in the reverse of the order in which they were taken.
 *     Clang refuses the other ways to keep a guard, such as a conversion operator that builds
 *     one in an optional, or ::new: "still held";
 *   - can still be made to end early as a member of an object, since C++ builds a member in place
 *     too. A kernel with lockdep reports such an end with the names of both locks, and
 *     interrupts stay off until the last guard that needs that has ended (irqflags.hpp). Without
 *     lockdep nothing is recorded, and the result is the same bug as in C.
 *
 * Kernels since 7.3 count how often interrupts are disabled (irq::counted). There all spinning
 * locks use the count, and lock_any_order() returns a guard with an unlock(), which may be called
 * before the end of a guard that was taken later. On older kernels that compiles only for locks
 * that do not disable interrupts. No guard can be moved on any kernel.
 *
 * Take a lock that nests inside another one in the same function with the outer lock's guard:
 * `inner.lock(outer)`. Clang requires this. The code then shows in which order the locks nest, and
 * a lock that sleeps or turns interrupts on under the outer lock does not compile. If the outer
 * guard keeps interrupts off and cannot end first, the inner guard does not disable them again.
 *
 * Use with_locked() after && or || and in ?:, as in `any && lock.with_locked(has_room)`. Clang
 * refuses `any && lock.lock()->n`: such a guard lives to the end of the statement, but exists on
 * one path only.
 *
 * To access a member that is KXX_GUARDED_BY() a lock, call lock() on the lock by its full name,
 * `auto guard = disk.lock.lock()`: clang 19 does not follow a local reference to a lock.
 *
 * lock() is const. A shared object is lent as const: callbacks get the driver that way
 * (blk-mq.hpp), and sysfs attributes the data of a device. Such a callback may change only
 * data inside a lock, where the guard excludes other users, or an Atomic. The compilers check that
 * for the object itself; the object of a Box or behind another pointer in it is not const.
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/irqflags.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/type_name.hpp>

KXX_LAYOUT(lock_class_key);

namespace kxx {

template <typename T> class Box;
template <typename Lock, typename Ops, detail::Nest nest> class MaybeGuard;

namespace rcu {

class ReadLock;

} // namespace rcu

namespace detail {

class UnlockedForWait;

/* One lockdep class per lock type: lockdep identifies a class by the address of its key. */
template <typename Lock> inline constinit Opaque<lock_class_key> lock_class;

template <typename Lock, typename Ops> class Held;

/* Any guard: of this header, of mutex.hpp or of local_lock.hpp */
template <typename T>
concept AnyGuard =
	requires(T &guard) { []<typename Lock, typename Ops>(Held<Lock, Ops> &) {}(guard); };

/* A guard that forbids sleeping, or an rcu::ReadLock; other such locks may be taken under it */
template <typename T>
concept AtomicGuard = (AnyGuard<T> || std::is_same_v<T, rcu::ReadLock>) && requires { T::nest; };

/* True for a type, or a pointer to a type, that declares itself borrowed under a lock */
template <typename Returned>
inline constexpr bool is_borrowed =
	requires { typename std::remove_pointer_t<Returned>::BorrowedUnderLock; };

/* True for a pointer that may be the address of a T: a T *, a pointer to a base class, a void * */
template <typename Returned, typename T>
inline constexpr bool points_to =
	std::is_convertible_v<Returned, const volatile T *> ||
	(std::is_pointer_v<Returned> &&
	 std::is_convertible_v<T *,
			       std::add_pointer_t<std::add_cv_t<std::remove_pointer_t<Returned>>>>);

/* True for a type that refers to data under a lock: std::reference_wrapper converts to T &. */
template <typename Returned, typename T>
inline constexpr bool refers_to =
	std::is_reference_v<Returned> || is_borrowed<Returned> || points_to<Returned, T> ||
	std::is_convertible_v<Returned, const volatile T &>;

/* The same for what a Result, an optional, a pair or an array holds. A Box owns what it holds. */
template <typename Returned, typename T>
inline constexpr bool leads_into_lock = refers_to<Returned, T>;
template <template <typename...> typename Holder, typename... Held, typename T>
inline constexpr bool leads_into_lock<Holder<Held...>, T> =
	refers_to<Holder<Held...>, T> || (leads_into_lock<Held, T> || ...);
template <template <typename, size_t> typename Holder, typename Held, size_t n, typename T>
inline constexpr bool leads_into_lock<Holder<Held, n>, T> =
	refers_to<Holder<Held, n>, T> || leads_into_lock<Held, T>;
template <typename Held, typename T> inline constexpr bool leads_into_lock<Box<Held>, T> = false;

/* True for a type that the function given to with_locked() may return */
template <typename Returned, typename T>
inline constexpr bool may_leave_lock = !leads_into_lock<Returned, T>;

/* Nest of a lock that is taken under no other lock */
template <typename Ops>
inline constexpr Nest outermost{ 0, Ops::raw, Ops::irqs_off, Ops::irqs_off, false };

/* Nest of a lock that is taken under @Outer */
template <typename Ops, AtomicGuard Outer> consteval Nest nest_under()
{
	constexpr Nest outer = Outer::nest;
	/*
	 * On PREEMPT_RT an outer lock that is not raw leaves interrupts on, so a raw lock must not
	 * rely on it.
	 */
	constexpr bool relies = outer.irqs_off && (outer.raw || !Ops::raw);

	static_assert(Ops::raw || !outer.raw,
		      "this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t");
	static_assert(!Ops::bh || !outer.irqs_perhaps_off,
		      "spin_unlock_bh() needs interrupts on, so not under an irq guard");
	static_assert(!Ops::irqs_off || !outer.bh_may_end,
		      "unlock() of an outer SpinLockBh guard would run softirqs with interrupts "
		      "off: take that lock with lock()");
	return { outer.depth + 1,
		 Ops::raw,
		 Ops::irqs_off || relies,
		 Ops::irqs_off || outer.irqs_perhaps_off,
		 relies,
		 outer.bh_may_end };
}

/* Nest of a guard that lock_any_order() returns instead of one with @nest */
template <typename Ops> consteval Nest may_end(Nest nest)
{
	nest.bh_may_end |= Ops::bh;
	return nest;
}

/* Policy of a lock under @Outer: disables no interrupts if @Outer keeps them off. */
template <typename Ops, AtomicGuard Outer>
using OpsUnder =
	std::conditional_t<nest_under<Ops, Outer>().relies, typename Ops::WithIrqsOff, Ops>;

/*
 * Held - A lock that is held: the base class of all guards, and of nothing else
 *
 * @Ops, the policy, names the C functions of one way to take a lock:
 *   raw                     the lock spins on PREEMPT_RT too
 *   irqs_off                lock() disables interrupts; on PREEMPT_RT only if raw
 *   any_order               unlock() may be called before that of a lock taken later
 *   bh                      unlock() runs softirqs
 *   WithIrqsOff             the policy to use where interrupts are off already
 *   init, lock, lock_nested, try_lock, unlock, unlock_only, lockdep_assert_held
 */
template <typename Lock, typename Ops> class Held {
public:
	Held(const Held &) = delete;
	Held &operator=(const Held &) = delete;
	static void *operator new(size_t) = delete;
	static void *operator new[](size_t) = delete;
	static void *operator new(size_t, void *) = delete;
	/* A pointer to a guard could outlive the guard, and clang would not notice. */
	void operator&() const = delete;

	/** is_of - Returns true if this is a guard of exactly @lock */
	bool is_of(const Lock &lock) const { return &lock_ == &lock; }

private:
	/* Friends: lock types, whose guards may be nested classes, and the guards of this header */
	friend Lock;
	friend typename Lock::Base;
	template <typename L, typename O, Nest nest> friend class kxx::Guard;
	template <typename L, typename O, Nest nest> friend class kxx::MaybeGuard;
	friend class UnlockedForWait;

	static constexpr bool recorded =
		irq_guards_recorded && Ops::irqs_off && (Ops::raw || !KXX_CONFIG_PREEMPT_RT);
	struct NoRecord {};
	using Record = std::conditional_t<recorded, IrqGuard, NoRecord>;

	explicit Held(const Lock &lock) : lock_(lock), c_lock_(lock.c_lock()) {}

	/*
	 * These functions must be inlined. If the guard's address were passed to a function, the
	 * compiler would keep the guard in memory, and zero it with CONFIG_INIT_STACK_ALL_ZERO.
	 *
	 * @relies: see Nest
	 */

	[[gnu::always_inline]] void lock(bool relies)
	{
		check(relies);
		Ops::lock(c_lock(), flags_);
		locked(relies);
	}
	[[gnu::always_inline]] void lock_nested(unsigned int subclass, bool relies)
	{
		check(relies);
		Ops::lock_nested(c_lock(), subclass, flags_);
		locked(relies);
	}
	[[gnu::always_inline]] bool try_lock(bool relies)
	{
		check(relies);
		if (!Ops::try_lock(c_lock(), flags_))
			return false;
		locked(relies);
		return true;
	}
	[[gnu::always_inline]] void unlock()
	{
		if constexpr (recorded)
			if (!record_.end(flags_)) [[unlikely]]
				return Ops::unlock_only(c_lock());
		Ops::unlock(c_lock(), flags_);
	}
	/* A reference to the outer guard, or to its irq::Disabled, may have outlived the guard. */
	static void check(bool relies)
	{
		if constexpr (recorded)
			if (relies && !kxx_irqs_disabled()) [[unlikely]]
				kxx_warn("kxx: BUG: %s taken with interrupts on, under a guard "
					 "that has ended\n",
					 type_name<Lock>());
	}
	void locked(bool relies)
	{
		if constexpr (recorded)
			record_.begin(type_name<Lock>(), flags_, Ops::any_order, relies);
	}

	auto &data() { return lock_.data_; }
	auto *c_lock() { return c_lock_; }

	const Lock &lock_;
	/* Cached: PerCpuLock's c_lock() is a member that unlock() would have to load again. */
	decltype(std::declval<const Lock &>().c_lock()) c_lock_;
	unsigned long flags_ = 0;
	[[no_unique_address]] Record record_;
};

} // namespace detail

/** Subclass - Lockdep's subclass for lock_nested(); 1 is SINGLE_DEPTH_NESTING */
template <unsigned int subclass> struct Subclass {
	static_assert(subclass < 8, "lockdep has MAX_LOCKDEP_SUBCLASSES, 8, nesting levels");
};
inline constexpr Subclass<1> SINGLE_DEPTH_NESTING;

/**
 * Guard - Holds a spinning lock until the end of the scope
 * @Lock: type of the lock
 * @Ops: policy: the way in which the lock was taken
 * @nest_in: facts about the guards under which it was taken
 *
 * Borrows the lock. Must end in the context that took the lock. References to the data
 * are valid until the guard ends. The code must not sleep while a guard exists.
 *
 * Write `Stats::Guard &` for a parameter, after `using Stats = SpinLock<...>`. A guard that was
 * taken under another one has another type: a helper for both takes the data, `helper(*guard)`.
 */
template <typename Lock, typename Ops, detail::Nest nest_in>
class [[nodiscard]] KXX_SCOPED_CAPABILITY Guard : public detail::Held<Lock, Ops> {
	using Held = detail::Held<Lock, Ops>;

public:
	using Locked = Lock;
	static constexpr detail::Nest nest = nest_in;
	static constexpr unsigned int depth = nest.depth;

	[[gnu::always_inline]] ~Guard() KXX_RELEASE() { Held::unlock(); }

	auto &operator*() KXX_LIFETIMEBOUND { return Held::data(); }
	auto *operator->() KXX_LIFETIMEBOUND { return &Held::data(); }

	/** irq - Returns a proof that interrupts are off, valid as long as the guard */
	const irq::Disabled &irq() const KXX_LIFETIMEBOUND
		requires(nest.raw && nest.irqs_off)
	{
		return disabled_;
	}

private:
	friend Lock;
	friend typename Lock::Base;
	friend class detail::UnlockedForWait;

	explicit Guard(const Lock &lock) KXX_ACQUIRE(lock, detail::Guards<depth>::atomic)
		: Held(lock)
	{
		Held::lock(nest.relies);
	}
	template <unsigned int subclass>
	Guard(const Lock &lock, Subclass<subclass>) KXX_ACQUIRE(lock, detail::Guards<depth>::atomic)
		: Held(lock)
	{
		Held::lock_nested(subclass, nest.relies);
	}

	[[no_unique_address]] irq::Disabled disabled_;
};

/**
 * MaybeGuard - Holds a lock, or not: check it first
 *
 * try_lock() and lock_any_order() return it. The data can be reached only while the lock is
 * held. Clang checks that: after try_lock(), inside `if (guard)`; after lock_any_order(), until
 * unlock(). At run time, any other access is a BUG(). Until unlock() or the end of the guard,
 * clang treats sleeping as forbidden, even if the lock was not taken. But after an unlock() on one
 * of two paths, clang forgets the guard: it then allows sleeping, and taking another lock, though
 * the lock may still be held. Nor does it see a reference to the data that is used after unlock().
 *
 *     if (auto stats = lock.try_lock())
 *             stats->reads++;
 */
template <typename Lock, typename Ops, detail::Nest nest_in>
class [[nodiscard]] KXX_SCOPED_CAPABILITY KXX_CONSUMABLE(unknown) MaybeGuard
	: public detail::Held<Lock, Ops> {
	using Held = detail::Held<Lock, Ops>;

public:
	/* irqs_off is false: if try_lock() failed, interrupts may be on. */
	static constexpr detail::Nest nest{ nest_in.depth,  nest_in.raw,
					    false,	    nest_in.irqs_perhaps_off,
					    nest_in.relies, nest_in.bh_may_end };
	static constexpr unsigned int depth = nest.depth;

	[[gnu::always_inline]] ~MaybeGuard() KXX_RELEASE()
	{
		if (locked_)
			Held::unlock();
	}

	explicit operator bool() const &KXX_TEST_TYPESTATE(unconsumed) { return locked_; }
	/* `if (lock.try_lock())` would release the lock before the body. */
	explicit operator bool() const && = delete;

	auto &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		if (!locked_)
			bug();
		return Held::data();
	}
	auto *operator->() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed") { return &**this; }

	/**
	 * unlock - Releases the lock before the end of the scope
	 *
	 * May be called in any order with other guards. So for a lock that disables interrupts it
	 * compiles only on kernels that count (irq::counted), since 7.3. For a SpinLockBh it
	 * compiles only after lock_any_order(), since no lock that disables interrupts can be taken
	 * under that guard.
	 */
	[[gnu::always_inline]] void unlock() KXX_RELEASE() KXX_CALLABLE_WHEN("unconsumed")
		KXX_SET_TYPESTATE(consumed)
	{
		static_assert(
			!Ops::irqs_off || Ops::any_order || nest.relies,
			"this guard restores the interrupt flags that it saved, so guards end "
			"in reverse order: only kernels since 7.3 count, see irq::counted");
		static_assert(!Ops::bh || nest.bh_may_end,
			      "spin_unlock_bh() needs interrupts on: use lock_any_order()");
		if (!locked_)
			bug();
		Held::unlock();
		locked_ = false;
	}

private:
	friend typename Lock::Base;

	explicit MaybeGuard(const Lock &lock) KXX_ACQUIRE(lock, detail::Guards<depth>::atomic)
		: Held(lock), locked_(Held::try_lock(nest.relies))
	{
	}
	struct Locked {};
	MaybeGuard(const Lock &lock, Locked) KXX_ACQUIRE(lock, detail::Guards<depth>::atomic)
		: Held(lock), locked_(true)
	{
		Held::lock(nest.relies);
	}

	/*
	 * A bool would leave padding bytes, for which the compiler keeps the guard in memory and
	 * zeroes it (CONFIG_INIT_STACK_ALL_ZERO).
	 */
	unsigned long locked_;
};

namespace detail {

/*
 * SpinningLock - Common base of the lock types in spinlock.hpp, with the T inside
 *
 * The lock spins, except on PREEMPT_RT if it is not raw.
 */
template <typename Self, typename Ops, typename T> class KXX_CAPABILITY("spinlock") SpinningLock {
	template <AtomicGuard Outer>
	using GuardUnder = kxx::Guard<Self, OpsUnder<Ops, Outer>, nest_under<Ops, Outer>()>;
	template <AtomicGuard Outer>
	using MaybeGuardUnder =
		kxx::MaybeGuard<Self, OpsUnder<Ops, Outer>, nest_under<Ops, Outer>()>;
	using AnyOrderGuard = kxx::MaybeGuard<Self, Ops, may_end<Ops>(outermost<Ops>)>;
	template <AtomicGuard Outer>
	using AnyOrderGuardUnder =
		kxx::MaybeGuard<Self, OpsUnder<Ops, Outer>, may_end<Ops>(nest_under<Ops, Outer>())>;

public:
	using Base = SpinningLock;
	using Guard = kxx::Guard<Self, Ops, outermost<Ops>>;
	using MaybeGuard = kxx::MaybeGuard<Self, Ops, outermost<Ops>>;
	using Data = T;

	/** SpinningLock - Initialises an unlocked lock, and constructs the data from @args */
	template <typename... Args>
	explicit SpinningLock(Args &&...args)
		: lock_(uninitialized), data_(std::forward<Args>(args)...)
	{
		Ops::init(lock_.get(), type_name<Self>(), lock_class<Self>.get());
	}
	SpinningLock(const SpinningLock &) = delete;
	SpinningLock &operator=(const SpinningLock &) = delete;
	/*
	 * A destructor that is not trivial makes clang refuse a static lock inside a function.
	 * The kernel has no thread-safe statics, so two concurrent first callers would both
	 * construct it.
	 */
	~SpinningLock() {} // NOLINT(modernize-use-equals-default)

	/** lock - Takes the lock; held until the guard goes out of scope */
	Guard lock() const KXX_LIFETIMEBOUND
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(self());
	}

	/** lock - The same, under the guard of another lock */
	template <AtomicGuard Outer>
	GuardUnder<Outer> lock(Outer &KXX_UNCONSUMED) const
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return GuardUnder<Outer>(self());
	}

	/** lock_nested - The same as lock(), with a lockdep subclass */
	template <unsigned int subclass>
	Guard lock_nested(Subclass<subclass> level) const
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(self(), level);
	}
	template <AtomicGuard Outer, unsigned int subclass>
	GuardUnder<Outer> lock_nested(Outer &KXX_UNCONSUMED, Subclass<subclass> level) const
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return GuardUnder<Outer>(self(), level);
	}

	/** try_lock - Tries to take the lock: check the guard, which releases it at its end */
	MaybeGuard try_lock() const
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuard(self());
	}
	template <AtomicGuard Outer>
	MaybeGuardUnder<Outer> try_lock(Outer &KXX_UNCONSUMED) const
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuardUnder<Outer>(self());
	}

	/** lock_any_order - Takes the lock; held until unlock(), or until the guard ends */
	AnyOrderGuard lock_any_order() const KXX_RETURN_TYPESTATE(unconsumed)
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return AnyOrderGuard(self(), typename AnyOrderGuard::Locked());
	}
	template <AtomicGuard Outer>
	AnyOrderGuardUnder<Outer> lock_any_order(Outer &KXX_UNCONSUMED) const
		KXX_RETURN_TYPESTATE(unconsumed)
			KXX_ACQUIRE(this,
				    Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return AnyOrderGuardUnder<Outer>(self(),
						 typename AnyOrderGuardUnder<Outer>::Locked());
	}

	/** with_locked - Calls @f with the data under the lock; returns what @f returns */
	template <typename F> auto with_locked(F &&f) const KXX_EXCLUDES(this) KXX_EXCLUDES_GUARDS
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock();

		return std::forward<F>(f)(*guard);
	}
	template <AtomicGuard Outer, typename F>
	auto with_locked(Outer &outer KXX_UNCONSUMED, F &&f) const KXX_EXCLUDES(this)
		KXX_EXCLUDES_GUARDS_UNDER(Outer::depth)
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock(outer);

		return std::forward<F>(f)(*guard);
	}

	/** lockdep_assert_held - Warns if lockdep knows that this context does not hold the lock */
	void lockdep_assert_held() const KXX_ASSERT_CAPABILITY(this)
	{
		Ops::lockdep_assert_held(lock_.get());
	}
	/** lockdep_assert_not_held - Warns if lockdep knows that this context holds the lock */
	void lockdep_assert_not_held() const { Ops::lockdep_assert_not_held(lock_.get()); }

protected:
	// SAFETY: every SpinningLock is the base of a Self; no other class derives from it.
	const Self &self() const { return static_cast<const Self &>(*this); }

private:
	template <typename Lock, typename Used> friend class Held;

	typename Ops::C *c_lock() const { return lock_.get(); }

	/* mutable: lock() is const, but its guard gives write access to the data (see above). */
	mutable Opaque<typename Ops::C> lock_;
	mutable T data_;
};

} // namespace detail

} // namespace kxx
