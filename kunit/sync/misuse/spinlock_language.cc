// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <array>
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

namespace spinlock_bh_lock_nested {
#ifndef MISUSE
void count(SpinLock<Stats> &stats)
#else
void count(SpinLockBh<Stats> &stats)
#endif
{
	stats.lock_nested(SINGLE_DEPTH_NESTING)->reads++;
	// expected-error@kxx/sync/lock.hpp:* {{no member named 'lock_nested' in 'kxx::detail::SpinBhOps'}}
	// expected-note@-2 {{requested here}}
}
} // namespace spinlock_bh_lock_nested

namespace spinlock_bh_under_local_lock_under_spinlock_irq {
struct Pages {
	unsigned long dirty;
};

#ifndef MISUSE
void count(SpinLock<Stats> &stats, LocalLock<Pages> &pages, SpinLockBh<Queue> &queue)
#else
void count(SpinLockIrq<Stats> &stats, LocalLock<Pages> &pages, SpinLockBh<Queue> &queue)
#endif
{
	auto first = stats.lock();
	auto second = pages.lock(first);
	auto third = queue.lock(second);
	// expected-error@kxx/sync/lock.hpp:* {{spin_unlock_bh() needs interrupts on, so not under an irq guard}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	first->reads += second->dirty + third->length;
}
} // namespace spinlock_bh_under_local_lock_under_spinlock_irq

namespace spinlock_bh_under_spinlock_irq {
#ifndef MISUSE
void count(SpinLock<Stats> &stats, SpinLockBh<Queue> &queue)
#else
void count(SpinLockIrq<Stats> &stats, SpinLockBh<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);
	// expected-error@kxx/sync/lock.hpp:* {{spin_unlock_bh() needs interrupts on, so not under an irq guard}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	outer->reads += inner->length;
}
} // namespace spinlock_bh_under_spinlock_irq

namespace spinlock_copied {
unsigned long reads(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'SpinLockIrq<Stats>'}}
#endif

	return same.lock()->reads;
}
} // namespace spinlock_copied

namespace spinlock_guard_address_taken {
struct Queue {
	unsigned int length = 0;
};

class Ring {
public:
	void add()
	{
		auto guard = queue_.lock();

		guard->length++;
#ifdef MISUSE
		held_ = &guard;
		// expected-error@-1 {{overload resolution selected deleted operator '&'}}
#endif
	}

private:
	SpinLock<Queue> queue_;
#ifdef MISUSE
	SpinLock<Queue>::Guard *held_ = nullptr;
#endif
};

void use(Ring &ring)
{
	ring.add();
}
} // namespace spinlock_guard_address_taken

namespace spinlock_guard_assigned {
void count(SpinLockIrq<Stats> &reads, SpinLockIrq<Stats> &writes)
{
	auto guard = reads.lock();

	guard->reads++;
#ifndef MISUSE
	writes.lock(guard)->reads++;
#else
	guard = writes.lock();
	// expected-error@-1 {{cannot be assigned because its copy assignment operator is implicitly deleted}}
	guard->reads++;
#endif
}
} // namespace spinlock_guard_assigned

namespace spinlock_guard_copied {
void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'Guard'}}
#endif

	same->reads++;
}
} // namespace spinlock_guard_copied

namespace spinlock_guard_dropped_first {
template <typename Guard> void drop(Guard) {}

/* Dropping the first guard early would enable interrupts while the second lock is held. */
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto first = stats.lock();
	auto second = queue.lock(first);

	first->reads++;
#ifdef MISUSE
	drop(std::move(first));
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'kxx::Guard<kxx::SpinLockIrq<Stats>, kxx::detail::SpinIrqOps,}}
#endif
	second->length++;
}
} // namespace spinlock_guard_dropped_first

namespace spinlock_guard_from_nothing {
void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
#else
	SpinLockIrq<Stats>::Guard guard(stats);
	// expected-error@-1 {{calling a private constructor of class 'kxx::Guard<kxx::SpinLockIrq<Stats>,}}
#endif

	guard->reads++;
}
} // namespace spinlock_guard_from_nothing

namespace spinlock_guard_ignored {
void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	stats.lock();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace spinlock_guard_ignored

namespace spinlock_guard_in_box {
Result<void> count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto guard = KXX_TRY(Box<SpinLockIrq<Stats>::Guard>::make(GFP_ATOMIC, stats.lock()));
	// expected-error@kxx/mm/slab.hpp:* {{call to deleted function 'operator new'}}
	// expected-note@-2 {{requested here}}

	(*guard)->reads++;
#endif
	return {};
}
} // namespace spinlock_guard_in_box

namespace spinlock_guard_in_optional {
void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	std::optional<SpinLockIrq<Stats>::Guard> guard = stats.lock();
	// expected-error@-1 {{no viable conversion from 'Guard'}}

	(*guard)->reads++;
#endif
}
} // namespace spinlock_guard_in_optional

namespace spinlock_guard_moved {
void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &&same = std::move(guard);
#else
	auto same = std::move(guard);
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'typename std::remove_reference<}}
#endif

	same->reads++;
}
} // namespace spinlock_guard_moved

namespace spinlock_guard_on_the_heap {
void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = new auto(stats.lock());
	// expected-error@-1 {{call to deleted function 'operator new'}}

	(*guard)->reads++;
#endif
}
} // namespace spinlock_guard_on_the_heap

namespace spinlock_guards_swapped {
void count(SpinLockIrq<Stats> &reads, SpinLockIrq<Stats> &writes)
{
	auto outer = reads.lock();

	outer->reads++;
#ifdef MISUSE
	auto inner = writes.lock();

	std::swap(outer, inner); // expected-error {{no matching function for call to 'swap'}}
#else
	auto inner = writes.lock(outer);
#endif
	inner->reads++;
}
} // namespace spinlock_guards_swapped

namespace spinlock_irq_under_raw_spinlock {
#ifndef MISUSE
void count(RawSpinLock<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count(RawSpinLock<Stats> &stats, SpinLockIrq<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);
	// expected-error@kxx/sync/lock.hpp:* {{this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	outer->reads += inner->length;
}
} // namespace spinlock_irq_under_raw_spinlock

namespace spinlock_irq_under_a_bh_guard_that_may_end {
void count(SpinLockBh<Stats> &stats, SpinLockIrq<Queue> &queue)
{
#ifndef MISUSE
	auto outer = stats.lock();
#else
	auto outer = stats.lock_any_order();
#endif
	auto inner = queue.lock(outer);
	// expected-error@kxx/sync/lock.hpp:* {{unlock() of an outer SpinLockBh guard would run softirqs with interrupts off}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	outer->reads += inner->length;
}
} // namespace spinlock_irq_under_a_bh_guard_that_may_end

namespace spinlock_irq_under_spinlock_under_a_bh_guard_that_may_end {
struct Pages {
	unsigned long dirty;
};

void count(SpinLockBh<Stats> &stats, SpinLock<Queue> &queue, RawSpinLockIrq<Pages> &pages)
{
#ifndef MISUSE
	auto first = stats.lock();
#else
	auto first = stats.lock_any_order();
#endif
	auto second = queue.lock(first);
	auto third = pages.lock(second);
	// expected-error@kxx/sync/lock.hpp:* {{unlock() of an outer SpinLockBh guard would run softirqs with interrupts off}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	first->reads += second->length + third->dirty;
}
} // namespace spinlock_irq_under_spinlock_under_a_bh_guard_that_may_end

namespace spinlock_subclass_out_of_range {
void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock_nested(Subclass<7>());
#else
	auto guard = stats.lock_nested(Subclass<8>());
	// expected-error@kxx/sync/lock.hpp:* {{lockdep has MAX_LOCKDEP_SUBCLASSES, 8, nesting levels}}
	// expected-note@-2 {{requested here}}
#endif

	guard->reads++;
}
} // namespace spinlock_subclass_out_of_range

namespace spinlock_under_a_guard_that_ends {
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
#ifndef MISUSE
	auto outer = stats.lock();
	auto inner = queue.lock(outer);
#else
	auto inner = queue.lock(stats.lock());
	// expected-error@-1 {{no matching member function for call to 'lock'}}
#endif

	inner->length++;
}
} // namespace spinlock_under_a_guard_that_ends

namespace spinlock_under_raw_spinlock {
#ifndef MISUSE
void count(RawSpinLock<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count(RawSpinLock<Stats> &stats, SpinLock<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);
	// expected-error@kxx/sync/lock.hpp:* {{this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	outer->reads += inner->length;
}
} // namespace spinlock_under_raw_spinlock

namespace spinlock_with_locked_returns_base_pointer {
struct Counters {
	unsigned long reads = 0;
};
struct Totals : Counters {};

unsigned long reads(SpinLock<Totals> &lock)
{
#ifndef MISUSE
	return lock.with_locked([](Totals &totals) { return Counters(totals); }).reads;
#else
	Counters *kept = lock.with_locked([](Totals &totals) -> Counters * { return &totals; });
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}

	return kept->reads;
#endif
}
} // namespace spinlock_with_locked_returns_base_pointer

namespace spinlock_with_locked_returns_pointer {
unsigned long reads(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	return stats.with_locked([](Stats &locked) { return locked.reads; });
#else
	return stats.with_locked([](Stats &locked) { return &locked; })->reads;
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace spinlock_with_locked_returns_pointer

namespace spinlock_with_locked_returns_pointer_in_a_result {
struct Queue {
	bool ready = false;
	unsigned int length = 0;
};

Result<unsigned int> length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	return lock.with_locked([](Queue &queue) -> Result<unsigned int> {
		if (!queue.ready)
			return EAGAIN;
		return queue.length;
	});
#else
	Queue *queue = KXX_TRY(lock.with_locked([](Queue &queue) -> Result<Queue *> {
		// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
		// expected-note@-2 {{requested here}}
		if (!queue.ready)
			return EAGAIN;
		return &queue;
	}));

	return queue->length;
#endif
}
} // namespace spinlock_with_locked_returns_pointer_in_a_result

namespace spinlock_with_locked_returns_pointer_in_an_array {
struct Queue {
	unsigned int length = 0;
};

unsigned int length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	return lock.with_locked([](Queue &queue) { return std::array{ queue.length }; })[0];
#else
	return lock.with_locked([](Queue &queue) { return std::array{ &queue }; })[0]->length;
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace spinlock_with_locked_returns_pointer_in_an_array

namespace spinlock_with_locked_returns_pointer_in_an_optional {
struct Queue {
	unsigned int length = 0;
};

unsigned int length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	auto found = lock.with_locked([](Queue &queue) { return std::optional(queue.length); });

	return found.value_or(0);
#else
	auto found = lock.with_locked([](Queue &queue) { return std::optional<Queue *>(&queue); });
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}

	return found ? (*found)->length : 0;
#endif
}
} // namespace spinlock_with_locked_returns_pointer_in_an_optional

namespace spinlock_with_locked_returns_reference {
unsigned long reads(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	return stats.with_locked([](Stats &locked) { return locked.reads; });
#else
	return stats.with_locked([](Stats &locked) -> unsigned long & { return locked.reads; });
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace spinlock_with_locked_returns_reference

namespace spinlock_with_locked_returns_reference_wrapper {
struct Queue {
	unsigned int length = 0;
};

/* Like std::reference_wrapper, whose header cannot be included beside the glue */
struct Wrapper {
	Queue &queue;

	operator Queue &() const { return queue; }
};

unsigned int length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	return lock.with_locked([](Queue &queue) { return queue; }).length;
#else
	return lock.with_locked([](Queue &queue) { return Wrapper{ queue }; }).queue.length;
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace spinlock_with_locked_returns_reference_wrapper

namespace spinlock_with_locked_returns_void_pointer {
struct Queue {
	unsigned int length = 0;
};

unsigned int length(SpinLock<Queue> &lock)
{
#ifndef MISUSE
	return lock.with_locked([](Queue &queue) { return queue.length; });
#else
	void *kept = lock.with_locked([](Queue &queue) -> void * { return &queue; });
	// expected-error@kxx/sync/lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}

	return static_cast<Queue *>(kept)->length;
#endif
}
} // namespace spinlock_with_locked_returns_void_pointer
