// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace local_lock_made_under_spinlock {
struct Queue {
	unsigned long length;
};

Result<LocalLock<Stats>> probe(SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = queue.lock();

	guard->length++;
#else
	queue.lock()->length++;
#endif
	return LocalLock<Stats>::make();
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
}
} // namespace local_lock_made_under_spinlock

namespace local_lock_member_outlives_guard {
#ifndef MISUSE
unsigned long reads(LocalLock<Stats> &stats)
#else
unsigned long &reads(LocalLock<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	return guard->reads;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
} // namespace local_lock_member_outlives_guard

namespace local_lock_not_under_the_guard {
struct Queue {
	unsigned long length;
};

void count(SpinLock<Queue> &queue, LocalLock<Stats> &stats)
{
	auto outer = queue.lock();
#ifndef MISUSE
	auto inner = stats.lock(outer);
#else
	auto inner = stats.lock();
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	inner->reads += outer->length;
}
} // namespace local_lock_not_under_the_guard

namespace local_lock_of_all_cpus_under_guard {
unsigned long sum(LocalLock<Stats> stats) KXX_MAY_SLEEP
{
	unsigned long sum = 0;
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	stats.lock()->reads++;
#endif
	std::move(stats).for_each_possible_cpu([&sum](const Stats &s) { sum += s.reads; });
	// expected-warning@-1 {{cannot call function 'for_each_possible_cpu' while context 'atomic' is held}}
	return sum;
}
} // namespace local_lock_of_all_cpus_under_guard

namespace local_lock_reference_outlives_statement {
void count(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
	Stats &locked = *guard;
#else
	Stats &locked = *stats.lock();
	// expected-warning@-1 {{will be destroyed at the end of the full-expression}}
#endif

	locked.reads++;
}
} // namespace local_lock_reference_outlives_statement

namespace local_lock_taken_twice {
void count(LocalLock<Stats> &stats)
{
	auto guard = stats.lock();

#ifndef MISUSE
	guard->reads++;
#else
	stats.lock(guard)->reads++;
	// expected-warning@-1 {{acquiring local_lock 'stats' that is already held}}
#endif
}
} // namespace local_lock_taken_twice

namespace local_lock_used_after_move {
void keep(LocalLock<Stats> stats);

void count(LocalLock<Stats> stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
	keep(std::move(stats));
#else
	keep(std::move(stats));
	stats.lock()->reads++;
	// expected-warning@-1 {{method 'lock' on object 'stats' while it is in the 'consumed' state}}
#endif
}
} // namespace local_lock_used_after_move

namespace local_lock_with_locked_after_move {
void keep(LocalLock<Stats> stats);

void count(LocalLock<Stats> stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	stats.with_locked([](Stats &s) { s.reads++; });
	keep(std::move(stats));
#else
	keep(std::move(stats));
	stats.with_locked([](Stats &s) { s.reads++; });
	// expected-warning@-1 {{method 'with_locked' on object 'stats' while it is in the 'consumed' state}}
#endif
}
} // namespace local_lock_with_locked_after_move

namespace local_lock_with_locked_under_guard {
void count(LocalLock<Stats> &stats)
{
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
	// expected-warning@-1 2 {{cannot call function 'with_locked' while}}
}
} // namespace local_lock_with_locked_under_guard
