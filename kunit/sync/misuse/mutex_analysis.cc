// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/err.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace mutex_interruptible_taken_twice {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#endif
	if (auto again = stats.lock_interruptible())
		// expected-warning@-1 {{acquiring mutex 'stats' that is already held}}
		again->reads++;
}
} // namespace mutex_interruptible_taken_twice

namespace mutex_interruptible_unchecked {
Result<void> count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock_interruptible();

#ifndef MISUSE
	if (!guard)
		return EINTR;
#endif
	guard->reads++;
	// expected-warning@-1 {{method 'operator->' on object 'guard' while it is in the 'unknown' state}}
	return {};
}
} // namespace mutex_interruptible_unchecked

namespace mutex_interruptible_under_spinlock {
void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto inner = queue.lock();
#endif
	if (auto guard = stats.lock_interruptible()) {
		// expected-warning@-1 {{cannot call function 'lock_interruptible' while context 'atomic' is held}}
#ifndef MISUSE
		auto inner = queue.lock();
#endif

		guard->reads += inner->length;
	}
}
} // namespace mutex_interruptible_under_spinlock

namespace mutex_killable_unchecked {
Result<void> reset(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock_killable();

#ifndef MISUSE
	if (!guard)
		return EINTR;
#endif
	*guard = {};
	// expected-warning@-1 {{method 'operator*' on object 'guard' while it is in the 'unknown' state}}
	return {};
}
} // namespace mutex_killable_unchecked

namespace mutex_killable_under_spinlock {
void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto inner = queue.lock();
#endif
	if (auto guard = stats.lock_killable()) {
		// expected-warning@-1 {{cannot call function 'lock_killable' while context 'atomic' is held}}
#ifndef MISUSE
		auto inner = queue.lock();
#endif

		guard->reads += inner->length;
	}
}
} // namespace mutex_killable_under_spinlock

namespace mutex_lock_nested_taken_twice {
void count(Mutex<Stats> &parent, Mutex<Stats> &child) KXX_MAY_SLEEP
{
	auto outer = parent.lock();
#ifndef MISUSE
	auto inner = child.lock_nested(SINGLE_DEPTH_NESTING);
#else
	auto inner = parent.lock_nested(SINGLE_DEPTH_NESTING);
	// expected-warning@-1 {{acquiring mutex 'parent' that is already held}}

	child.lock_nested(SINGLE_DEPTH_NESTING)->reads++;
#endif

	outer->reads += inner->reads;
}
} // namespace mutex_lock_nested_taken_twice

namespace mutex_lock_nested_under_spinlock {
void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto outer = stats.lock_nested(SINGLE_DEPTH_NESTING);
	auto inner = queue.lock();
#else
	auto inner = queue.lock();
	auto outer = stats.lock_nested(SINGLE_DEPTH_NESTING);
	// expected-warning@-1 {{cannot call function 'lock_nested' while context 'atomic' is held}}
#endif

	outer->reads += inner->length;
}
} // namespace mutex_lock_nested_under_spinlock

namespace mutex_member_outlives_guard {
#ifndef MISUSE
unsigned long reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
#else
unsigned long &reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	return guard->reads;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
} // namespace mutex_member_outlives_guard

namespace mutex_not_said {
#ifndef MISUSE
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
#else
void count(Mutex<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
} // expected-warning {{calling function '~Guard' requires negative capability '!atomic_context'}}
} // namespace mutex_not_said

namespace mutex_of_another_object {
struct Queue {};

struct Disk {
	Mutex<Queue> queue;
	unsigned long reads KXX_GUARDED_BY(queue) = 0;
};

void move_one(Disk &from, Disk &to) KXX_MAY_SLEEP
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
	// expected-warning@-1 {{writing variable 'reads' requires holding mutex 'to.queue' exclusively}}
}
} // namespace mutex_of_another_object

namespace mutex_of_locked_by_not_said {
struct Queue {};

struct Stats {
	unsigned long reads = 0;
};

#ifndef MISUSE
#define WORD KXX_MAY_SLEEP
#else
#define WORD
#endif

Result<void> count(LockedBy<Stats, Mutex<Queue>> &stats, Mutex<Queue> &queue) WORD
{
	auto guard = queue.lock();

	return stats.with(guard, [](Stats &s) { s.reads++; });
	// expected-warning@-1 2 {{requires negative capability '!atomic_context'}}
}
#undef WORD
} // namespace mutex_of_locked_by_not_said

namespace mutex_reference_outlives_statement {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
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
} // namespace mutex_reference_outlives_statement

namespace mutex_taken_twice {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
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
	stats.lock()->reads++; // expected-warning {{acquiring mutex 'stats' that is already held}}
}
} // namespace mutex_taken_twice

namespace mutex_taken_under_interruptible {
struct Config {
	unsigned int depth = 0;
};

Result<void> set(Mutex<Config> &config) KXX_MAY_SLEEP
{
	auto held = config.lock_interruptible();

	if (!held)
		return EINTR;
#ifndef MISUSE
	held->depth++;
#else
	config.lock()->depth++;
	// expected-warning@-1 {{acquiring mutex 'config' that is already held}}
#endif
	return {};
}
} // namespace mutex_taken_under_interruptible

namespace mutex_try_lock_under_spinlock {
void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto inner = queue.lock();
#endif
	if (auto guard = stats.try_lock()) {
		// expected-warning@-1 {{cannot call function 'try_lock' while context 'atomic' is held}}
#ifndef MISUSE
		auto inner = queue.lock();
#endif

		guard->reads += inner->length;
	}
}
} // namespace mutex_try_lock_under_spinlock

namespace mutex_try_member_outlives_guard {
#ifndef MISUSE
unsigned long reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
#else
unsigned long &reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.try_lock();

	if (!guard)
		bug();
	return guard->reads;
	// expected-warning@-1 {{reference to stack memory associated with local variable 'guard' returned}}
}
} // namespace mutex_try_member_outlives_guard

namespace mutex_under_spinlock {
void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto outer = stats.lock();
	auto inner = queue.lock();
#else
	auto inner = queue.lock();
	auto outer = stats.lock();
	// expected-warning@-1 {{cannot call function 'lock' while context 'atomic' is held}}
#endif

	outer->reads += inner->length;
}
} // namespace mutex_under_spinlock

namespace mutex_with_locked_under_guard {
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
	// expected-warning@-1 {{cannot call function 'with_locked' while mutex 'stats' is held}}
}
} // namespace mutex_with_locked_under_guard

namespace mutex_with_locked_under_spinlock {
void count(Mutex<Stats> &stats, SpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = queue.lock();

	guard->length++;
#else
	queue.lock()->length++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
	// expected-warning@-1 {{cannot call function 'with_locked' while context 'atomic' is held}}
}
} // namespace mutex_with_locked_under_spinlock
