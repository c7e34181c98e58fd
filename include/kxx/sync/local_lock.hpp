/* SPDX-License-Identifier: GPL-2.0 */
/*
 * local_lock.hpp - per-CPU data that a local lock protects
 * Wraps <linux/local_lock.h> and <linux/percpu.h>. Glue: glue/sync/local_lock.h
 *
 * Use it where C would disable interrupts or preemption to protect per-CPU data. A local lock
 * says which data it protects, lockdep checks it, and it is correct on PREEMPT_RT, where it is
 * a sleeping spinlock per CPU.
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

/* local_lock_irqsave() saves flags on every kernel, also on those that count. */
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
 * LocalCountedOps - Uses the kernel's count of disabled interrupts instead of saved flags
 * @needed: an outer guard may end before this one, which would make saved flags wrong
 *
 * With lockdep every LocalLockIrq uses this policy, also where @needed is false: a guard that
 * ends out of order is then reported, and interrupts still stay off until the last guard ends.
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
 * moved_from_slots - The address that a lock has after a move: an access to any CPU's data oopses
 *
 * No address in the kernel results if the offset of a CPU is added, as it does with NULL.
 */
inline void *moved_from_slots()
{
	// NOLINTNEXTLINE(performance-no-int-to-ptr): an address.
	return reinterpret_cast<void *>(0x5555'0000'0000'0000ul);
}

/*
 * PerCpuLock - A T and a local_lock_t for each CPU
 *
 * The lock is the first member of Slot, so that C finds it at the address of the allocation.
 */
template <typename Self, typename Ops, typename T>
class KXX_CAPABILITY("local_lock") KXX_CONSUMABLE(unconsumed) PerCpuLock {
	struct Slot {
		/* An empty lock must take no space, so that T has the same offset as in C. */
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
	 * make - Allocates and default-constructs a T for each possible CPU
	 *
	 * Fails with -ENOMEM, also if a T has more than PCPU_MIN_UNIT_SIZE bytes or an alignment
	 * above the page size.
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
	PerCpuLock(PerCpuLock &&other) : slots_(std::exchange(other.slots_, moved_from_slots())) {}
	PerCpuLock(const PerCpuLock &) = delete;
	PerCpuLock &operator=(const PerCpuLock &) = delete;
	PerCpuLock &operator=(PerCpuLock &&) = delete;
	~PerCpuLock() KXX_MAY_SLEEP
	{
		// NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): KXX_TRY()
		if (slots_ == moved_from_slots())
			return;
		for_each_possible_cpu(slots_, [](void *memory) { slot_of(memory)->~Slot(); });
		kxx_free_percpu(slots_);
	}

	/** lock - Locks this CPU's data until the guard goes out of scope */
	Guard lock() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard(self());
	}
	/** lock - The same, under the guard of another lock that is not raw */
	template <AtomicGuard Outer>
	GuardUnder<Outer> lock(Outer &KXX_UNCONSUMED) const KXX_CALLABLE_WHEN("unconsumed",
									      "unknown")
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return GuardUnder<Outer>(self());
	}

	/** with_locked - Calls @f with this CPU's data under the lock; returns what @f returns */
	template <typename F>
	auto with_locked(F &&f) const KXX_CALLABLE_WHEN("unconsumed", "unknown")
		KXX_EXCLUDES(this) KXX_EXCLUDES_GUARDS
	{
		using Returned = std::invoke_result_t<F, T &>;

		static_assert(may_leave_lock<Returned, T>,
			      "a reference to locked data must not leave with_locked()");
		auto guard = lock();

		return std::forward<F>(f)(*guard);
	}

	/**
	 * for_each_possible_cpu - Calls @f with every CPU's data, without a lock
	 *
	 * A local lock protects only the current CPU's data. So the caller must be the only user,
	 * and gives up the lock: `std::move(lock).for_each_possible_cpu(f)`. @f may sleep.
	 */
	template <typename F>
		void for_each_possible_cpu(F &&f) &&
		KXX_CALLABLE_WHEN("unconsumed", "unknown") KXX_MAY_SLEEP
	{
		for_each_possible_cpu(slots_, [&f](void *memory)
						      KXX_MAY_SLEEP { f(slot_of(memory)->data); });
	}

protected:
	explicit PerCpuLock(void *slots) : slots_(slots) {}

private:
	template <typename Lock, typename Used> friend class Held;

	// SAFETY: every PerCpuLock is the base of a Self: the constructor is protected.
	const Self &self() const { return static_cast<const Self &>(*this); }

	template <typename F> static void for_each_possible_cpu(void *slots, F &&f) KXX_MAY_SLEEP
	{
		for (unsigned int cpu = 0; cpu < nr_cpu_ids(); cpu++)
			if (cpu_possible(cpu))
				f(kxx_per_cpu_ptr(slots, cpu));
	}
	static Slot *slot_of(void *memory)
	{
		// SAFETY: make() constructed a Slot in the memory of each possible CPU.
		return static_cast<Slot *>(memory);
	}
	struct kxx_local_lock *c_lock() const
	{
		// SAFETY: the lock is the first member of a Slot. Only C turns this per-CPU
		// pointer into an address, with this_cpu_ptr().
		return static_cast<struct kxx_local_lock *>(slots_);
	}

	void *slots_;
};

/** PerCpuLock::Guard - Holds this CPU's lock; the rules of lock.hpp's Guard apply */
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
 * LocalLock - A T per CPU, protected by local_lock()
 *
 * Owns the memory of all CPUs' T. May be moved while no guard exists. Use of a lock that was moved
 * from is refused by clang for a local variable, and otherwise oopses.
 *
 * Context: process or softirq, but all code that touches the data must run in the same one of
 * them, since local_lock() disables only preemption. While a guard exists the task stays on its
 * CPU and must not sleep; on PREEMPT_RT it may be preempted. make() and destructor: process, may
 * sleep.
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
 * LocalLockIrq - A T per CPU, protected by local_lock_irqsave()
 *
 * The same as LocalLock, for data that hard interrupts touch too. Interrupts are off while a
 * guard exists, except on PREEMPT_RT; there, no hard interrupt may take the lock.
 */
template <typename T, typename Tag = void>
class KXX_CAPABILITY("local_lock") KXX_CONSUMABLE(unconsumed) LocalLockIrq
	: public detail::PerCpuLock<LocalLockIrq<T, Tag>, detail::LocalIrqOps, T> {
	friend typename LocalLockIrq::PerCpuLock;
	using LocalLockIrq::PerCpuLock::PerCpuLock;
};

} // namespace kxx
