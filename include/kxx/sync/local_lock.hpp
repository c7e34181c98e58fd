/* SPDX-License-Identifier: GPL-2.0 */
/*
 * local_lock.hpp - per-CPU data behind a local lock
 * Wraps <linux/local_lock.h> and <linux/percpu.h>. Glue: glue/sync/local_lock.h
 *
 * Use it where C would disable interrupts or preemption to protect per-CPU data. A local lock
 * names the data, is known to lockdep, and is correct on PREEMPT_RT, where it is a sleeping
 * spinlock per CPU.
 */
#pragma once

#include <kxx/base/cpumask.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/sync/local_lock.h>
#include <kxx/sync/lock.hpp>
#include <kxx/mm/slab.hpp>

KXX_LAYOUT(kxx_local_lock);

namespace kxx {

namespace detail {

struct LocalOps {
	static constexpr bool raw = false;
	static constexpr bool irqs_off = false;
	static constexpr bool any_order = true;
	static constexpr bool bh = false;

	static void lock(struct kxx_local_lock *lock, unsigned long &) { kxx_local_lock(lock); }
	static void unlock(struct kxx_local_lock *lock, unsigned long) { kxx_local_unlock(lock); }
};

/* What C has: flags are saved on every kernel. */
struct LocalIrqOps {
	static constexpr bool raw = false;
	static constexpr bool irqs_off = true;
	static constexpr bool any_order = false;
	static constexpr bool bh = false;

	static void lock(struct kxx_local_lock *lock, unsigned long &flags)
	{
		flags = kxx_local_lock_irqsave(lock);
	}
	static void unlock(struct kxx_local_lock *lock, unsigned long flags)
	{
		kxx_local_unlock_irqrestore(lock, flags);
	}
	static void unlock_only(struct kxx_local_lock *lock) { kxx_local_unlock_irqs_off(lock); }
};

/*
 * Counts how often interrupts are disabled, and saves no flags, where the kernel counts that.
 * @needed: an outer guard may end before this one, so that saved flags could be wrong. With lockdep
 * every LocalLockIrq uses this: guards that end in the wrong order are reported, and interrupts
 * are still enabled by the last one.
 */
template <bool needed> struct LocalCountedOps : LocalIrqOps {
	static constexpr bool any_order = needed;

	static void lock(struct kxx_local_lock *lock, unsigned long &)
	{
		kxx_local_lock_irq_disable(lock);
	}
	static void unlock(struct kxx_local_lock *lock, unsigned long)
	{
		kxx_local_unlock_irq_enable(lock);
	}
};

template <typename Ops, bool outer_may_end_first>
using LocalOpsIn = std::conditional_t<irq::counted && Ops::irqs_off &&
					      (irq_guards_recorded || outer_may_end_first),
				      LocalCountedOps<outer_may_end_first>, Ops>;

/*
 * PerCpuLock - a T and a local_lock_t on each CPU
 *
 * The lock is first in what is allocated, so that C knows it by the address.
 */
template <typename Self, typename Ops, typename T>
class KXX_CAPABILITY("local_lock") KXX_CONSUMABLE(unconsumed) PerCpuLock {
	struct Slot {
		/* Where it is nothing, the data is where C would have it. */
		[[no_unique_address]] Opaque<struct kxx_local_lock> lock{ uninitialized };
		T data;
	};

	template <typename Used, Nest nest> class GuardIn;
	template <AtomicGuard Outer>
	using GuardUnder =
		GuardIn<LocalOpsIn<Ops, Outer::nest.irqs_perhaps_off && !Outer::nest.irqs_off>,
			nest_under<Ops, Outer>()>;

public:
	using Base = PerCpuLock;
	using Guard = GuardIn<LocalOpsIn<Ops, false>, outermost<Ops>>;
	using Data = T;

	/**
	 * make - a default-built T on each possible CPU; -ENOMEM, also for more than
	 * PCPU_MIN_UNIT_SIZE bytes or an alignment above a page
	 */
	static Result<Self> make() KXX_MAY_SLEEP
	{
		void *slots = kxx_alloc_percpu(sizeof(Slot), alignof(Slot));

		if (!slots)
			return ENOMEM;
		for_each_possible_cpu(slots, [](void *memory) {
			auto *slot = new (memory) Slot();

			kxx_local_lock_init(slot->lock.get(), type_name<Self>(),
					    lock_class<Self>.get());
		});
		return Result<Self>(Self(slots));
	}
	PerCpuLock(PerCpuLock &&other) : slots_(std::exchange(other.slots_, nullptr)) {}
	PerCpuLock(const PerCpuLock &) = delete;
	PerCpuLock &operator=(const PerCpuLock &) = delete;
	PerCpuLock &operator=(PerCpuLock &&) = delete;
	~PerCpuLock() KXX_MAY_SLEEP
	{
		if (!slots_)
			return;
		for_each_possible_cpu(slots_, [](void *memory) { slot_of(memory)->~Slot(); });
		kxx_free_percpu(slots_);
	}

	/** lock - this CPU's data, until the guard goes out of scope */
	Guard lock() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(self());
	}
	/** lock - the same, under the guard of another lock, which is not raw */
	template <AtomicGuard Outer>
	GuardUnder<Outer> lock(Outer &KXX_UNCONSUMED) const KXX_CALLABLE_WHEN("unconsumed",
									      "unknown")
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return GuardUnder<Outer>(self());
	}

	/** with_locked - runs @f on this CPU's data, returns what @f returns */
	template <typename F>
	auto with_locked(F &&f) const KXX_CALLABLE_WHEN("unconsumed", "unknown")
		KXX_EXCLUDES(this, Guards<0>::atomic)
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock();

		return std::forward<F>(f)(*guard);
	}

	/**
	 * for_each_possible_cpu - runs @f on every CPU's data, without a lock
	 *
	 * For the end: a local lock keeps nobody away from another CPU's data. So
	 * it takes the object itself, `std::move(lock).for_each_possible_cpu(f)`:
	 * nobody else may be using it any more.
	 */
	template <typename F>
		void for_each_possible_cpu(F &&f) && KXX_CALLABLE_WHEN("unconsumed", "unknown")
							     KXX_EXCLUDES(Guards<0>::atomic)
	{
		for_each_possible_cpu(slots_, [&f](void *memory) { f(slot_of(memory)->data); });
	}

protected:
	explicit PerCpuLock(void *slots) : slots_(slots) {}

private:
	template <typename Lock, typename Used> friend class Held;

	// SAFETY: Self derives from this, and only Self is ever made.
	const Self &self() const { return static_cast<const Self &>(*this); }

	template <typename F> static void for_each_possible_cpu(void *slots, F &&f)
	{
		for (unsigned int cpu = 0; cpu < nr_cpu_ids(); cpu++)
			if (cpu_possible(cpu))
				f(kxx_per_cpu_ptr(slots, cpu));
	}
	static Slot *slot_of(void *memory)
	{
		// SAFETY: make() has built a Slot in each CPU's part.
		return static_cast<Slot *>(memory);
	}
	struct kxx_local_lock *c_lock() const
	{
		// SAFETY: a Slot begins with its lock, and a per-CPU pointer is
		// a number that only C turns into an address.
		return static_cast<struct kxx_local_lock *>(slots_);
	}

	void *slots_;
};

/** PerCpuLock::Guard - this CPU's data is this task's while this lives; as lock.hpp's Guard */
template <typename Self, typename Ops, typename T>
template <typename Used, Nest nest_in>
class [[nodiscard]] KXX_SCOPED_CAPABILITY PerCpuLock<Self, Ops, T>::GuardIn
	: public Held<Self, Used> {
	using Held = detail::Held<Self, Used>;

public:
	static constexpr Nest nest = nest_in;
	static constexpr unsigned int depth = nest.depth;

	[[gnu::always_inline]] ~GuardIn() KXX_RELEASE() { Held::unlock(); }

	T &operator*() KXX_LIFETIMEBOUND { return slot_->data; }
	T *operator->() KXX_LIFETIMEBOUND { return &slot_->data; }

private:
	friend PerCpuLock;

	explicit GuardIn(const Self &lock) KXX_ACQUIRE(lock, Guards<depth>::atomic) : Held(lock)
	{
		Held::lock(nest.relies);
		slot_ = slot_of(kxx_this_cpu_ptr(Held::c_lock()));
	}

	Slot *slot_;
};

} // namespace detail

/**
 * LocalLock - a T per CPU behind local_lock()
 *
 * Owns the memory of all CPUs' T. Moved as a whole, while nobody holds it.
 * Context: process, or softirq: whoever alone touches the data on a CPU, since
 * nothing but preemption is off. The task stays on its CPU while a guard lives,
 * and does not sleep; on PREEMPT_RT it may be preempted. make() and the destructor: process, may sleep.
 *
 *     LocalLock<Stats> stats = KXX_TRY(LocalLock<Stats>::make());
 *     stats.lock()->reads++;
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("local_lock") KXX_CONSUMABLE(unconsumed) LocalLock
	: public detail::PerCpuLock<LocalLock<T, Tag>, detail::LocalOps, T> {
	friend typename LocalLock::PerCpuLock;
	using LocalLock::PerCpuLock::PerCpuLock;
};

/**
 * LocalLockIrq - a T per CPU behind local_lock_irqsave()
 *
 * As LocalLock, for data that hard interrupts touch too: interrupts are off while
 * a guard lives, except on PREEMPT_RT, where a hard interrupt must not take it.
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("local_lock") KXX_CONSUMABLE(unconsumed) LocalLockIrq
	: public detail::PerCpuLock<LocalLockIrq<T, Tag>, detail::LocalIrqOps, T> {
	friend typename LocalLockIrq::PerCpuLock;
	using LocalLockIrq::PerCpuLock::PerCpuLock;
};

} // namespace kxx
