// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <optional>

#include <kxx/mm/slab.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace spinlock_data_without_lock {
struct Queue {};

class Disk {
public:
	void count()
	{
#ifndef MISUSE
		auto guard = queue_.lock();
#endif
		reads_++;
		// expected-warning@-1 {{writing variable 'reads_' requires holding spinlock 'queue_' exclusively}}
	}

private:
	SpinLockIrq<Queue> queue_;
	unsigned long reads_ KXX_GUARDED_BY(queue_) = 0;
};
} // namespace spinlock_data_without_lock

namespace spinlock_first_guard_unlocked_before_the_second {
/* @second is raw and still held, and the others sleep on PREEMPT_RT. */
void count(SpinLock<Stats> &stats, RawSpinLock<Queue> &queue, SpinLock<Stats> &other,
	   LocalLock<Stats> &per_cpu)
{
	auto first = stats.lock_any_order();

	{
		auto second = queue.lock(first);

		second->length += first->reads;
		first.unlock();
#ifdef MISUSE
		other.lock()->reads++;
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
		other.lock_nested(SINGLE_DEPTH_NESTING)->reads++;
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
		auto any_order = other.lock_any_order();
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}

		any_order.unlock();
		if (auto tried = other.try_lock())
			// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
			tried->reads++;
		other.with_locked([](Stats &s) { s.reads++; });
		// expected-warning@-1 {{cannot call function 'with_locked}}
		per_cpu.lock()->reads++;
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
		per_cpu.with_locked([](Stats &s) { s.reads++; });
		// expected-warning@-1 {{cannot call function 'with_locked}}
#endif
	}
	other.lock()->reads++;
	per_cpu.lock()->reads++;
}
} // namespace spinlock_first_guard_unlocked_before_the_second

namespace spinlock_guard_converted_into_optional {
struct Stats {
	unsigned long reads = 0;
};

#ifdef MISUSE
/* An optional constructs the guard in place from an object that converts to a guard. */
struct Taker {
	operator SpinLock<Stats>::Guard() { return stats.lock(); }
	// expected-warning@-1 2 {{is still held at the end of function}}

	SpinLock<Stats> &stats;
};
#endif

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	std::optional<SpinLock<Stats>::Guard> guard;

	guard.emplace(Taker{ stats });
	(*guard)->reads++;
#endif
}
} // namespace spinlock_guard_converted_into_optional

namespace spinlock_guard_destroyed_by_hand {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	using Guard = SpinLockIrq<Stats>::Guard;
	Guard first = stats.lock();
	auto second = queue.lock(first);

	first->reads++;
#ifdef MISUSE
	first.~Guard();
#endif
	second->length++;
} // expected-warning {{releasing mutex 'first' that was not held}}
} // namespace spinlock_guard_destroyed_by_hand

namespace spinlock_guard_in_struct {
struct Counting {
	SpinLockIrq<Stats>::Guard guard;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	Counting counting{ stats.lock() };

	counting.guard->reads++;
#endif
} // expected-warning 2 {{is still held at the end of function}}
} // namespace spinlock_guard_in_struct

namespace spinlock_guard_outlives_lock {
#ifndef MISUSE
unsigned long count()
#else
/* Returns with the lock held; without the attribute, the analysis would refuse that first. */
SpinLock<Stats>::Guard count() KXX_NO_THREAD_SAFETY_ANALYSIS
#endif
{
	SpinLock<Stats> stats;

#ifndef MISUSE
	return stats.lock()->reads;
#else
	return stats.lock();
	// expected-warning@-1 {{address of stack memory associated with local variable 'stats' returned}}
#endif
}
} // namespace spinlock_guard_outlives_lock

namespace spinlock_guard_placed_on_the_heap {
struct Stats {
	unsigned long reads = 0;
};

void count(SpinLock<Stats> &stats, [[maybe_unused]] void *memory)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = ::new (memory) SpinLock<Stats>::Guard(stats.lock());

	(*guard)->reads++;
#endif
} // expected-warning 2 {{is still held at the end of function}}
} // namespace spinlock_guard_placed_on_the_heap

namespace spinlock_lock_nested_not_under_the_guard {
void count(SpinLock<Stats> &parent, SpinLock<Stats> &child)
{
	auto outer = parent.lock();
#ifndef MISUSE
	auto inner = child.lock_nested(outer, SINGLE_DEPTH_NESTING);
#else
	auto inner = child.lock_nested(SINGLE_DEPTH_NESTING);
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	outer->reads += inner->reads;
}
} // namespace spinlock_lock_nested_not_under_the_guard

namespace spinlock_lock_nested_under_its_own_guard {
void count(SpinLock<Stats> &parent, SpinLock<Stats> &child)
{
	auto outer = parent.lock();
#ifndef MISUSE
	auto inner = child.lock_nested(outer, SINGLE_DEPTH_NESTING);
#else
	auto inner = parent.lock_nested(outer, SINGLE_DEPTH_NESTING);
	// expected-warning@-1 {{acquiring spinlock 'parent' that is already held}}

	child.lock_nested(inner, SINGLE_DEPTH_NESTING)->reads++;
#endif

	outer->reads += inner->reads;
}
} // namespace spinlock_lock_nested_under_its_own_guard

namespace spinlock_member_outlives_guard {
#ifndef MISUSE
unsigned long reads(SpinLockIrq<Stats> &stats)
#else
unsigned long &reads(SpinLockIrq<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	return guard->reads;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
} // namespace spinlock_member_outlives_guard

namespace spinlock_of_another_object {
struct Queue {};

struct Disk {
	SpinLockIrq<Queue> queue;
	unsigned long reads KXX_GUARDED_BY(queue) = 0;
};

void move_one(Disk &from, Disk &to)
{
	{
		auto guard = from.queue.lock();

		from.reads--;
	}
#ifndef MISUSE
	auto guard = to.queue.lock();
#else
	auto guard = from.queue.lock();
#endif
	to.reads++;
	// expected-warning@-1 {{writing variable 'reads' requires holding spinlock 'to.queue' exclusively}}
}
} // namespace spinlock_of_another_object

namespace spinlock_pointer_outlives_guard {
unsigned long peek(SpinLock<Stats> &lock)
{
	Stats *stats;
#ifdef MISUSE
	{
		auto guard = lock.lock();
		stats = &*guard;
		// clang22-warning@-1 {{object whose reference is captured does not live long enough}}
	}
#else
	auto guard = lock.lock();
	stats = &*guard;
#endif
	return stats->reads;
}
} // namespace spinlock_pointer_outlives_guard

namespace spinlock_pointer_to_data_without_lock {
void fill(unsigned long *reads);

class Disk {
public:
	void count()
	{
#ifndef MISUSE
		auto guard = queue_.lock();
#endif
		fill(&reads_);
		// clang22-warning@-1 {{passing pointer to variable 'reads_' requires holding spinlock 'queue_'}}
	}

private:
	SpinLockIrq<Queue> queue_;
	unsigned long reads_ KXX_GUARDED_BY(queue_) = 0;
};
} // namespace spinlock_pointer_to_data_without_lock

namespace spinlock_reference_outlives_guard {
#ifndef MISUSE
unsigned long reads(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	return guard->reads;
}
#else
Stats &reads(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	return *guard;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
#endif
} // namespace spinlock_reference_outlives_guard

namespace spinlock_reference_outlives_statement {
void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
	Stats &locked = *guard;
#else
	Stats &locked = *stats.lock();
	// expected-warning@-1 {{local reference 'locked' will be destroyed at the end of the full-expression}}
#endif

	locked.reads++;
}
} // namespace spinlock_reference_outlives_statement

namespace spinlock_second_guard_unlocked_before_the_third {
struct Pages {
	unsigned long dirty;
};

void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue, RawSpinLock<Pages> &pages,
	   SpinLock<Stats> &other, LocalLock<Stats> &per_cpu)
{
	auto first = stats.lock();
	auto second = queue.lock_any_order(first);

	{
		auto third = pages.lock(second);

		third->dirty += second->length;
		second.unlock();
#ifdef MISUSE
		other.lock(first)->reads++;
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
		other.lock_nested(first, SINGLE_DEPTH_NESTING)->reads++;
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
		auto any_order = other.lock_any_order(first);
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}

		any_order.unlock();
		if (auto tried = other.try_lock(first))
			// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
			tried->reads++;
		other.with_locked(first, [](Stats &s) { s.reads++; });
		// expected-warning@-1 {{cannot call function 'with_locked}}
		per_cpu.lock(first)->reads++;
		// expected-warning@-1 {{context 'atomic' must be acquired before 'atomic'}}
#endif
	}
	other.lock(first)->reads++;
	per_cpu.lock(first)->reads++;
}
} // namespace spinlock_second_guard_unlocked_before_the_third

namespace spinlock_second_not_under_the_first {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto first = stats.lock();
#ifndef MISUSE
	auto second = queue.lock(first);
#else
	auto second = queue.lock();
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	first->reads += second->length;
}
} // namespace spinlock_second_not_under_the_first

namespace spinlock_static_in_a_function {
struct Ids {
	unsigned int next = 0;
};

unsigned int next_id(SpinLock<Ids> &ids)
{
#ifndef MISUSE
	return ids.lock()->next++;
#else
	static SpinLock<Ids> own;
	// expected-warning@-1 {{declaration requires an exit-time destructor}}

	static_cast<void>(ids);
	return own.lock()->next++;
#endif
}
} // namespace spinlock_static_in_a_function

namespace spinlock_taken_twice {
void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	{
		auto guard = stats.lock();

		guard->reads++;
	}
#else
	auto guard = stats.lock();

	guard->reads++;
#endif
	auto again = stats.lock(); // expected-warning 2 {{that is already held}}

	again->reads++;
}
} // namespace spinlock_taken_twice

namespace spinlock_taken_under_its_own_guard {
void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue)
{
	auto outer = stats.lock();
#ifndef MISUSE
	auto inner = queue.lock(outer);

	outer->reads += inner->length;
#else
	auto inner = stats.lock(outer);
	// expected-warning@-1 {{acquiring spinlock 'stats' that is already held}}

	inner->reads += queue.lock(inner)->length;
#endif
}
} // namespace spinlock_taken_under_its_own_guard

namespace spinlock_third_not_under_the_second {
struct Pages {
	unsigned long dirty;
};

void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue, SpinLock<Pages> &pages)
{
	auto first = stats.lock();
	auto second = queue.lock(first);
#ifndef MISUSE
	auto third = pages.lock(second);
#else
	auto third = pages.lock(first);
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	first->reads += second->length + third->dirty;
}
} // namespace spinlock_third_not_under_the_second

namespace spinlock_two_in_one_statement {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
#ifndef MISUSE
	auto first = stats.lock();

	first->reads = queue.lock(first)->length;
#else
	stats.lock()->reads = queue.lock()->length;
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif
}
} // namespace spinlock_two_in_one_statement

namespace spinlock_under_unchecked_try_lock {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto outer = stats.try_lock();

#ifndef MISUSE
	if (!outer)
		return;
#endif
	auto inner = queue.lock(outer);
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'unknown'}}

	inner->length++;
}
} // namespace spinlock_under_unchecked_try_lock

namespace spinlock_with_locked_not_under_the_guard {
void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue)
{
	auto outer = stats.lock();

	outer->reads++;
#ifndef MISUSE
	queue.with_locked(outer, [](Queue &locked) { locked.length++; });
#else
	queue.with_locked([](Queue &locked) { locked.length++; });
	// expected-warning@-1 {{cannot call function 'with_locked' while context 'atomic' is held}}
#endif
}
} // namespace spinlock_with_locked_not_under_the_guard

namespace spinlock_with_locked_under_guard {
void count(SpinLockIrq<Stats> &stats)
{
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
	// expected-warning@-1 2 {{cannot call function 'with_locked}}
}
} // namespace spinlock_with_locked_under_guard

namespace spinlock_with_locked_under_its_own_guard {
void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue)
{
	auto outer = stats.lock();

#ifndef MISUSE
	queue.with_locked(outer, [](Queue &locked) { locked.length++; });
#else
	stats.with_locked(outer, [](Stats &locked) { locked.reads++; });
	// expected-warning@-1 {{cannot call function 'with_locked' while spinlock 'stats' is held}}
#endif
	outer->reads += queue.with_locked(outer, [](Queue &locked) { return locked.length; });
}
} // namespace spinlock_with_locked_under_its_own_guard
