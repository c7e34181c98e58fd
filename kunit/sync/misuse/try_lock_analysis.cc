// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/printk.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace try_lock_data_unchecked {
void reset(SpinLock<Stats> &stats)
{
	auto guard = stats.try_lock();

#ifndef MISUSE
	if (guard)
#endif
		*guard = {};
	// expected-warning@-1 {{method 'operator*' on object 'guard' while it is in the 'unknown' state}}
}
} // namespace try_lock_data_unchecked

namespace try_lock_member_outlives_guard {
#ifndef MISUSE
unsigned long reads(SpinLock<Stats> &stats)
#else
unsigned long &reads(SpinLock<Stats> &stats)
#endif
{
	auto guard = stats.try_lock();

	if (!guard)
		bug();
	return guard->reads;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
} // namespace try_lock_member_outlives_guard

namespace try_lock_not_under_the_second {
struct Queue {
	unsigned long length;
};

struct Pages {
	unsigned long dirty;
};

void count(SpinLock<Stats> &stats, SpinLock<Queue> &queue, SpinLock<Pages> &pages)
{
	auto first = stats.lock();
	auto second = queue.lock(first);
#ifndef MISUSE
	auto third = pages.try_lock(second);
#else
	auto third = pages.try_lock(first);
	// expected-warning@-1 {{acquiring context 'atomic' that is already held}}
#endif

	first->reads += second->length;
	if (third)
		third->dirty++;
}
} // namespace try_lock_not_under_the_second

namespace try_lock_on_the_wrong_branch {
void count(SpinLock<Stats> &stats)
{
	auto guard = stats.try_lock();

#ifndef MISUSE
	if (!guard)
#else
	if (guard)
#endif
		return;
	guard->reads++;
	// expected-warning@-1 {{method 'operator->' on object 'guard' while it is in the 'consumed' state}}
}
} // namespace try_lock_on_the_wrong_branch

namespace try_lock_reference_outlives_guard {
#ifndef MISUSE
Stats copy(SpinLock<Stats> &stats)
#else
Stats &copy(SpinLock<Stats> &stats)
#endif
{
	auto guard = stats.try_lock();

	if (!guard)
		bug();
	return *guard;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
} // namespace try_lock_reference_outlives_guard

namespace try_lock_taken_again_under_its_guard {
struct Queue {
	unsigned int length = 0;
};

void add(SpinLock<Queue> &queue, SpinLock<Queue> &other)
{
	auto held = queue.try_lock();

	if (held) {
#ifndef MISUSE
		auto second = other.lock(held);
#else
		auto second = queue.lock(held);
		// expected-warning@-1 {{acquiring spinlock 'queue' that is already held}}

		static_cast<void>(other);
#endif
		second->length++;
	}
}
} // namespace try_lock_taken_again_under_its_guard

namespace try_lock_then_lock {
void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	if (auto guard = stats.try_lock()) {
#else
	auto guard = stats.try_lock();

	if (guard) {
#endif
		guard->reads++;
		return;
	}
	stats.lock()->reads++; // expected-warning 2 {{that is already held}}
}
} // namespace try_lock_then_lock

namespace try_lock_unchecked {
void count(SpinLock<Stats> &stats)
{
	auto guard = stats.try_lock();

#ifndef MISUSE
	if (guard)
#endif
		guard->reads++;
	// expected-warning@-1 {{method 'operator->' on object 'guard' while it is in the 'unknown' state}}
}
} // namespace try_lock_unchecked
