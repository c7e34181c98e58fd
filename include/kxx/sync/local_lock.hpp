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
	static constexpr bool irqs_perhaps_off = false;
	static constexpr bool bh = false;
	static constexpr bool saves_flags = false;

	static struct kxx_local_lock *lock(struct kxx_local_lock *lock, unsigned long &)
	{
		return kxx_local_lock(lock);
	}
	static void unlock(struct kxx_local_lock *lock, unsigned long) { kxx_local_unlock(lock); }
};

struct LocalIrqOps {
	static constexpr bool raw = false;
	static constexpr bool irqs_off = true;
	static constexpr bool irqs_perhaps_off = true;
	static constexpr bool bh = false;
	static constexpr bool saves_flags = true;

	static struct kxx_local_lock *lock(struct kxx_local_lock *lock, unsigned long &flags)
	{
		return kxx_local_lock_irqsave(lock, &flags);
	}
	static void unlock(struct kxx_local_lock *lock, unsigned long flags)
	{
		kxx_local_unlock_irqrestore(lock, flags);
	}
	static void unlock_only(struct kxx_local_lock *lock) { kxx_local_unlock_irqs_off(lock); }
};

/*
 * PerCpuLock - a T and a local_lock_t on each CPU
 *
 * The lock is first in what is allocated, so that C knows it by the address.
 */
template <typename Self, typename Ops, typename T>
class KXX_CAPABILITY("local_lock") KXX_CONSUMABLE(unconsumed) PerCpuLock {
	struct Slot {
		Opaque<struct kxx_local_lock> lock{ uninitialized };
		T data;
	};

public:
	template <unsigned int nesting, typename Inherits> class Guard;
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
	Guard<0, Ops> lock() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
		KXX_ACQUIRE(this, Guards<0>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		return Guard<0, Ops>(*this);
	}
	/** lock - the same, under the guard of another lock, which is not raw */
	template <AtomicGuard Outer>
	Guard<Outer::depth + 1, UnderOps<Ops, typename Outer::Policy>>
	lock(Outer &KXX_UNCONSUMED) const KXX_CALLABLE_WHEN("unconsumed", "unknown")
		KXX_ACQUIRE(this, Guards<Outer::depth + 1>::atomic) KXX_NO_THREAD_SAFETY_ANALYSIS
	{
		static_assert(!Outer::Policy::raw,
			      "this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t");
		return Guard<Outer::depth + 1, UnderOps<Ops, typename Outer::Policy>>(*this);
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
template <unsigned int nesting, typename Inherits>
class [[nodiscard]] KXX_SCOPED_CAPABILITY PerCpuLock<Self, Ops, T>::Guard : public GuardTag {
public:
	using Policy = Inherits;
	static constexpr unsigned int depth = nesting;

	~Guard() KXX_RELEASE()
	{
		if constexpr (recorded)
			if (!record_.end(flags_)) [[unlikely]] {
				Ops::unlock_only(lock_);
				return;
			}
		Ops::unlock(lock_, flags_);
	}
	Guard(const Guard &) = delete;
	Guard &operator=(const Guard &) = delete;
	static void *operator new(size_t) = delete;
	static void *operator new[](size_t) = delete;
	static void *operator new(size_t, void *) = delete;
	/* A pointer to a guard would outlive it without a word. */
	void operator&() const = delete;

	T &operator*() KXX_LIFETIMEBOUND { return slot_->data; }
	T *operator->() KXX_LIFETIMEBOUND { return &slot_->data; }

private:
	friend PerCpuLock;
	static constexpr bool recorded =
		irq_guards_recorded && Ops::saves_flags && !KXX_CONFIG_PREEMPT_RT;
	struct NoRecord {};

	explicit Guard(const PerCpuLock &lock) KXX_ACQUIRE(lock, Guards<nesting>::atomic)
		: lock_(lock.c_lock()), slot_(slot_of(Ops::lock(lock_, flags_)))
	{
		if constexpr (recorded)
			record_.begin(type_name<Self>(), flags_);
	}

	struct kxx_local_lock *lock_;
	unsigned long flags_ = 0;
	Slot *slot_;
	[[no_unique_address]] std::conditional_t<recorded, IrqGuard, NoRecord> record_;
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
