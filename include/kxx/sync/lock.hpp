/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lock.hpp - what all locks share: the data inside, and the guards
 * Glue: none; a lock type's policy calls it.
 *
 * Why guards are as they are. spin_lock_irqsave() is paired with its restore by
 * the order of the code alone, and a guard that could be moved, or dropped by
 * hand, would undo that: of two, the first one dropped turns interrupts on
 * under the other's lock. So a guard
 *
 *   - is built in place where lock() is called, and is neither copied, moved nor
 *     swapped: as local variables, guards end in the reverse of the order in which
 *     they began. What else C++ can be talked into, with a conversion operator into
 *     an optional or ::new onto the heap, clang refuses: "still held";
 *   - as a member of an object can still be made to end early, since C++ lets a
 *     member be built in place too. On a kernel with lockdep such an end is
 *     reported with the names of both locks, and interrupts stay off until the
 *     last guard that needs it has ended (irqflags.hpp). Without lockdep nothing
 *     is recorded, and it is a bug as in C.
 *
 * Kernels since 7.3 count how often interrupts are disabled (irq::counted). There all
 * spinning locks count, and lock_any_order() gives a guard with an unlock(), to end before
 * one that was taken later. On older kernels that compiles only for locks that leave
 * interrupts alone. Any guard stays where it was built.
 *
 * A lock that is taken while another is held in the same function is taken
 * under that one's guard: `inner.lock(outer)`. Clang asks for it; it says in
 * which order the locks nest, refuses at compile time what sleeps or unmasks
 * too much under the outer one, and where the outer guard has interrupts off until it
 * ends, and cannot end first, the inner one does not disable them again.
 *
 * A member that is KXX_GUARDED_BY() a lock is opened by that lock by name,
 * `auto guard = disk.lock.lock()`: clang 19 follows no local reference to a lock.
 *
 * lock() is const. A lock is what several share, and a shared object is lent as const:
 * callbacks get the driver so (blk-mq.hpp), attributes the data of a device. What such
 * a callback changes is in a lock, whose guard is the proof that nobody else changes
 * it, or is an Atomic.
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

template <typename Lock, typename Ops, detail::Nest nest> class MaybeGuard;

namespace detail {

class UnlockedForWait;

/* One lockdep class per lock type: the key's address is the class. */
template <typename Lock> inline constinit Opaque<lock_class_key> lock_class;

template <typename Lock, typename Ops> class Held;

/* A guard of this header, of mutex.hpp or of local_lock.hpp. */
template <typename T>
concept AnyGuard =
	requires(T &guard) { []<typename Lock, typename Ops>(Held<Lock, Ops> &) {}(guard); };

/* A guard under which nothing may sleep; another lock can be taken under it. */
template <typename T>
concept AtomicGuard = AnyGuard<T> && requires { T::nest; };

/* What says of itself that it, or a pointer to it, is borrowed under a lock. */
template <typename Returned> struct Borrowed {
	static constexpr bool value =
		requires { typename std::remove_pointer_t<Returned>::BorrowedUnderLock; };
};
template <typename T> struct Borrowed<Result<T>> : Borrowed<T> {};

/* A reference or a pointer to locked data, also one in a Result, an optional or a pair. */
template <typename Returned, typename T>
inline constexpr bool leads_into_lock =
	std::is_reference_v<Returned> || std::is_convertible_v<Returned, const volatile T *>;
template <template <typename...> typename Holder, typename... Held, typename T>
inline constexpr bool leads_into_lock<Holder<Held...>, T> = (leads_into_lock<Held, T> || ...);

/* For a with_locked(): what its function may return. */
template <typename Returned, typename T>
inline constexpr bool may_leave_lock = !leads_into_lock<Returned, T> && !Borrowed<Returned>::value;

/* For a lock that is taken under no other. */
template <typename Ops>
inline constexpr Nest outermost{ 0, Ops::raw, Ops::irqs_off, Ops::irqs_off, false };

/* For a lock that is taken under @Outer. */
template <typename Ops, AtomicGuard Outer> consteval Nest nest_under()
{
	constexpr Nest outer = Outer::nest;
	/* On PREEMPT_RT a lock that is not raw leaves interrupts on: no proof for one that is. */
	constexpr bool relies = outer.irqs_off && (outer.raw || !Ops::raw);

	static_assert(Ops::raw || !outer.raw,
		      "this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t");
	static_assert(!Ops::bh || !outer.irqs_perhaps_off,
		      "spin_unlock_bh() needs interrupts on, so not under an irq guard");
	return { outer.depth + 1, Ops::raw, Ops::irqs_off || relies,
		 Ops::irqs_off || outer.irqs_perhaps_off, relies };
}

/* The policy for that: with interrupts off already, nobody disables them again. */
template <typename Ops, AtomicGuard Outer>
using OpsUnder =
	std::conditional_t<nest_under<Ops, Outer>().relies, typename Ops::WithIrqsOff, Ops>;

/*
 * Held - a lock that is held and what undoes that: the base of all guards, and of nothing else
 *
 * @Ops, the policy, names the C functions of one way to take a lock:
 *   raw                     spins on PREEMPT_RT too
 *   irqs_off                lock() disables interrupts; except on PREEMPT_RT, if it is not raw
 *   any_order               unlock() is right before the unlock() of what was locked later
 *   bh                      unlock() runs softirqs
 *   WithIrqsOff             the policy for where interrupts are off
 *   init, lock, lock_nested, try_lock, unlock, unlock_only, lockdep_assert_held
 */
template <typename Lock, typename Ops> class Held {
public:
	Held(const Held &) = delete;
	Held &operator=(const Held &) = delete;
	static void *operator new(size_t) = delete;
	static void *operator new[](size_t) = delete;
	static void *operator new(size_t, void *) = delete;
	/* A pointer to a guard would outlive it without a word. */
	void operator&() const = delete;

	/** is_of - whether this is a guard of @lock and of no other */
	bool is_of(const Lock &lock) const { return &lock_ == &lock; }

private:
	/* The locks, whose guards may be their members, and the guards of this header. */
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
	 * Inline before anything else is: a guard whose address a function has
	 * seen stays in memory, and CONFIG_INIT_STACK_ALL_ZERO zeroes it.
	 *
	 * @relies: see Nest.
	 */

	[[gnu::always_inline]] void lock(bool relies)
	{
		Ops::lock(c_lock(), flags_);
		locked(relies);
	}
	[[gnu::always_inline]] void lock_nested(unsigned int subclass, bool relies)
	{
		Ops::lock_nested(c_lock(), subclass, flags_);
		locked(relies);
	}
	[[gnu::always_inline]] bool try_lock(bool relies)
	{
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
	void locked(bool relies)
	{
		if constexpr (recorded)
			record_.begin(type_name<Lock>(), flags_, Ops::any_order && !relies);
	}

	auto &data() { return lock_.data_; }
	auto *c_lock() { return c_lock_; }

	const Lock &lock_;
	/* Read once: where it is a member of the lock, the compiler cannot know that it stays. */
	decltype(std::declval<const Lock &>().c_lock()) c_lock_;
	unsigned long flags_ = 0;
	[[no_unique_address]] Record record_;
};

} // namespace detail

/** Subclass - lockdep's nesting level of a lock, for lock_nested(); 1 is SINGLE_DEPTH_NESTING */
template <unsigned int subclass> struct Subclass {
	static_assert(subclass < 8, "lockdep has MAX_LOCKDEP_SUBCLASSES, 8, nesting levels");
};
inline constexpr Subclass<1> SINGLE_DEPTH_NESTING;

/**
 * Guard - a spinning lock is held while this lives
 * @Lock: the lock's type
 * @Ops: how it was taken
 * @nest_in: what it was taken under
 *
 * Borrows the lock. Ends in the context that took it. References to the data
 * end with the guard. Nothing may sleep while it lives.
 *
 * To name it as a parameter: `Stats::Guard &`, with using Stats = SpinLock<...>.
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

	/** irq - the proof that interrupts are off; good as long as the guard */
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
 * MaybeGuard - perhaps a lock is held while this lives: ask first
 *
 * What try_lock() and lock_any_order() return. The data can be reached only where the lock is
 * held, which clang checks; BUG() otherwise. After try_lock() that is where `if (guard)` has
 * said so; after lock_any_order() it is up to unlock(). Clang takes sleeping for forbidden as
 * long as the guard lives and unlock() was not called, whether the lock was had or not.
 *
 *     if (auto stats = lock.try_lock())
 *             stats->reads++;
 */
template <typename Lock, typename Ops, detail::Nest nest_in>
class [[nodiscard]] KXX_SCOPED_CAPABILITY KXX_CONSUMABLE(unknown) MaybeGuard
	: public detail::Held<Lock, Ops> {
	using Held = detail::Held<Lock, Ops>;

public:
	/* What may hold nothing proves nothing. */
	static constexpr detail::Nest nest{ nest_in.depth, nest_in.raw, false,
					    nest_in.irqs_perhaps_off, nest_in.relies };
	static constexpr unsigned int depth = nest.depth;

	[[gnu::always_inline]] ~MaybeGuard() KXX_RELEASE()
	{
		if (locked_)
			Held::unlock();
	}

	explicit operator bool() const KXX_TEST_TYPESTATE(unconsumed) { return locked_; }

	auto &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		if (!locked_)
			bug();
		return Held::data();
	}
	auto *operator->() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed") { return &**this; }

	/**
	 * unlock - unlocks now, and not at the end of the scope
	 *
	 * In any order with other guards. So a guard that has disabled interrupts has no unlock()
	 * on a kernel that does not count that, before 7.3: it does not compile there.
	 */
	[[gnu::always_inline]] void unlock() KXX_RELEASE() KXX_CALLABLE_WHEN("unconsumed")
		KXX_SET_TYPESTATE(consumed)
	{
		static_assert(
			!Ops::irqs_off || Ops::any_order || nest.relies,
			"this guard restores the interrupt flags that it saved, so guards end "
			"in reverse order: only kernels since 7.3 count, see irq::counted");
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

	/* As wide as the rest: padding keeps the guard in memory, for the compiler to zero it. */
	unsigned long locked_;
};

namespace detail {

/*
 * SpinningLock - a lock that spins, or stands for one that does where the kernel
 * is not PREEMPT_RT, with T inside. The types that derive from it are documented
 * where they are.
 */
template <typename Self, typename Ops, typename T> class KXX_CAPABILITY("spinlock") SpinningLock {
	template <AtomicGuard Outer>
	using GuardUnder = kxx::Guard<Self, OpsUnder<Ops, Outer>, nest_under<Ops, Outer>()>;
	template <AtomicGuard Outer>
	using MaybeGuardUnder =
		kxx::MaybeGuard<Self, OpsUnder<Ops, Outer>, nest_under<Ops, Outer>()>;

public:
	using Base = SpinningLock;
	using Guard = kxx::Guard<Self, Ops, outermost<Ops>>;
	using MaybeGuard = kxx::MaybeGuard<Self, Ops, outermost<Ops>>;
	using Data = T;

	/** SpinningLock - unlocked; the data is built in place from @args */
	template <typename... Args>
	explicit SpinningLock(Args &&...args)
		: lock_(uninitialized), data_(std::forward<Args>(args)...)
	{
		Ops::init(lock_.get(), type_name<Self>(), lock_class<Self>.get());
	}
	SpinningLock(const SpinningLock &) = delete;
	SpinningLock &operator=(const SpinningLock &) = delete;
	/*
	 * Not trivial, so that clang refuses a static lock in a function, too: there are no
	 * thread-safe statics, and two first callers would both build it.
	 */
	~SpinningLock() {} // NOLINT(modernize-use-equals-default)

	/** lock - held until the guard goes out of scope */
	Guard lock() const KXX_LIFETIMEBOUND
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(self());
	}

	/** lock - the same, under the guard of another lock */
	template <AtomicGuard Outer>
	GuardUnder<Outer> lock(Outer &KXX_UNCONSUMED) const
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return GuardUnder<Outer>(self());
	}

	/** lock_nested - lock(), for lockdep at a level of its own in this class */
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

	/** try_lock - held, if the guard says so, until it goes out of scope */
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

	/** lock_any_order - held until unlock(), or until the guard goes out of scope */
	MaybeGuard lock_any_order() const KXX_RETURN_TYPESTATE(unconsumed)
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuard(self(), typename MaybeGuard::Locked());
	}
	template <AtomicGuard Outer>
	MaybeGuardUnder<Outer> lock_any_order(Outer &KXX_UNCONSUMED) const
		KXX_RETURN_TYPESTATE(unconsumed)
			KXX_ACQUIRE(this,
				    Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return MaybeGuardUnder<Outer>(self(), typename MaybeGuardUnder<Outer>::Locked());
	}

	/** with_locked - runs @f on the data with the lock held, returns what @f returns */
	template <typename F> auto with_locked(F &&f) const KXX_EXCLUDES(this, Guards<0>::atomic)
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock();

		return std::forward<F>(f)(*guard);
	}
	template <AtomicGuard Outer, typename F>
	auto with_locked(Outer &outer KXX_UNCONSUMED, F &&f) const
		KXX_EXCLUDES(this, Guards<Outer::depth + 1>::atomic)
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock(outer);

		return std::forward<F>(f)(*guard);
	}

	/** lockdep_assert_held - warns if lockdep knows that this is not held here */
	void lockdep_assert_held() const KXX_ASSERT_CAPABILITY(this)
	{
		Ops::lockdep_assert_held(lock_.get());
	}
	/** lockdep_assert_not_held - warns if lockdep knows that this is held here */
	void lockdep_assert_not_held() const { Ops::lockdep_assert_not_held(lock_.get()); }

protected:
	// SAFETY: Self derives from this, and only Self is ever made.
	const Self &self() const { return static_cast<const Self &>(*this); }

private:
	template <typename Lock, typename Used> friend class Held;

	typename Ops::C *c_lock() const { return lock_.get(); }

	/* A guard lends what it locks, whoever has the lock: see above. */
	mutable Opaque<typename Ops::C> lock_;
	mutable T data_;
};

} // namespace detail

} // namespace kxx
