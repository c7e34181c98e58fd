// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace locked_by_outlives_lock {
struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

Result<void> count()
{
#ifndef MISUSE
	SpinLock<Queue> queue;
	LockedBy<Stats, SpinLock<Queue>> stats(queue);
	auto guard = queue.lock();
#else
	LockedBy<Stats, SpinLock<Queue>> stats{ SpinLock<Queue>() };
	// expected-warning@-1 {{will be destroyed at the end of the full-expression}}
	SpinLock<Queue> queue;
	auto guard = queue.lock();
#endif

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
} // namespace locked_by_outlives_lock

namespace locked_by_sleeps {
struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

Result<void> count(SpinLock<Queue> &queue, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = queue.lock();

#ifndef MISUSE
	return stats.with(guard, [](Stats &s) { s.reads += !Box<Stats>::make(GFP_ATOMIC); });
#else
	return stats.with(
		// expected-warning@kxx/sync/locked_by.hpp:* {{calling function 'operator()' requires negative capability '!atomic_context'}}
		// expected-note@-2 {{requested here}}
		guard, [](Stats &s) KXX_MAY_SLEEP { s.reads += !Box<Stats>::make(GFP_KERNEL); });
#endif
}
} // namespace locked_by_sleeps
