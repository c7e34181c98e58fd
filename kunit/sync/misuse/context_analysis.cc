// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace may_sleep_constructor_under_spinlock {
struct Journal {
	Journal() KXX_MAY_SLEEP;
	void add(unsigned long reads);
};

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	Journal journal;
#endif
	auto guard = stats.lock();
#ifdef MISUSE
	Journal journal;
	// expected-warning@-1 {{cannot call function 'Journal' while context 'atomic' is held}}
#endif

	journal.add(++guard->reads);
}
} // namespace may_sleep_constructor_under_spinlock

namespace may_sleep_function_given_the_guard {
using Lock = SpinLock<Stats>;

#ifndef MISUSE
void grow(Lock::Guard &stats)
{
	stats->reads++;
}
#else
void reclaim() KXX_MAY_SLEEP;

void grow(Lock::Guard &stats) KXX_MAY_SLEEP
{
	stats->reads++;
	reclaim();
}
#endif

void count(Lock &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

	grow(guard);
	// expected-warning@-1 {{cannot call function 'grow' while context 'atomic' is held}}
}
} // namespace may_sleep_function_given_the_guard

namespace may_sleep_function_under_spinlock {
void grow() KXX_MAY_SLEEP;

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	{
		auto guard = stats.lock();

		guard->reads++;
#ifdef MISUSE
		grow();
		// expected-warning@-1 {{cannot call function 'grow' while context 'atomic' is held}}
#endif
	}
	grow();
}
} // namespace may_sleep_function_under_spinlock

namespace may_sleep_handed_to_a_template {
template <typename F> void twice(F &&f)
{
	f();
	// expected-warning@-1 {{calling function 'operator()' requires negative capability '!atomic_context'}}
	f();
	// expected-warning@-1 {{calling function 'operator()' requires negative capability '!atomic_context'}}
}

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

#ifndef MISUSE
	twice([&guard] { guard->reads++; });
#else
	twice([&guard]() KXX_MAY_SLEEP { guard->reads += !Box<Stats>::make(GFP_KERNEL); });
#endif
}
} // namespace may_sleep_handed_to_a_template

namespace may_sleep_in_with_locked {
void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto copy = [](Stats &locked) { return Box<Stats>::make(GFP_ATOMIC, locked); };
#else
	auto copy = [](Stats &locked)
			    KXX_MAY_SLEEP { return Box<Stats>::make(GFP_KERNEL, locked); };
#endif

	if (!stats.with_locked(copy))
		// expected-warning@kxx/sync/lock.hpp:* 2 {{function 'operator()'}}
		// expected-note@-2 {{requested here}}
		pr_warn("no copy\n");
}
} // namespace may_sleep_in_with_locked

namespace may_sleep_in_with_locked_of_local_lock {
void count(LocalLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto copy = [](Stats &locked) { return Box<Stats>::make(GFP_ATOMIC, locked); };
#else
	auto copy = [](Stats &locked)
			    KXX_MAY_SLEEP { return Box<Stats>::make(GFP_KERNEL, locked); };
#endif

	if (!stats.with_locked(copy))
		// expected-warning@kxx/sync/local_lock.hpp:* 2 {{function 'operator()'}}
		// expected-note@-2 {{requested here}}
		pr_warn("no copy\n");
}
} // namespace may_sleep_in_with_locked_of_local_lock

namespace may_sleep_not_said {
#ifndef MISUSE
Result<Box<Stats>> probe() KXX_MAY_SLEEP
#else
Result<Box<Stats>> probe()
#endif
{
	return Box<Stats>::make(GFP_KERNEL);
	// expected-warning@-1 {{requires negative capability '!atomic_context'}}
}
} // namespace may_sleep_not_said

namespace may_sleep_not_said_by_caller {
Result<Box<Stats>> probe() KXX_MAY_SLEEP
{
	return Box<Stats>::make(GFP_KERNEL);
}

#ifndef MISUSE
unsigned long reads() KXX_MAY_SLEEP
#else
unsigned long reads()
#endif
{
	auto stats = probe();
	// expected-warning@-1 {{calling function 'probe' requires negative capability '!atomic_context'}}

	if (!stats)
		return 0;
	return std::move(stats).value()->reads;
}
} // namespace may_sleep_not_said_by_caller

namespace may_sleep_not_said_by_lambda {
Result<Box<Stats>> probe() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto make = []() KXX_MAY_SLEEP { return Box<Stats>::make(GFP_KERNEL); };
#else
	auto make = [] { return Box<Stats>::make(GFP_KERNEL); };
	// expected-warning@-1 {{requires negative capability '!atomic_context'}}
#endif

	return make();
}
} // namespace may_sleep_not_said_by_lambda

namespace may_sleep_under_local_lock {
Result<void> count(LocalLock<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto copy = KXX_TRY(Box<Stats>::make(GFP_ATOMIC, *guard));
#else
	auto copy = KXX_TRY(Box<Stats>::make(GFP_KERNEL, *guard));
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif

	guard->reads += copy->reads;
	return {};
}
} // namespace may_sleep_under_local_lock

namespace may_sleep_under_spinlock {
Result<void> count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto copy = KXX_TRY(Box<Stats>::make(GFP_ATOMIC, *guard));
#else
	auto copy = KXX_TRY(Box<Stats>::make(GFP_KERNEL, *guard));
	// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif

	guard->reads += copy->reads;
	return {};
}
} // namespace may_sleep_under_spinlock

namespace may_sleep_under_third_guard {
struct Queue {
	unsigned long length;
};

Result<void> count(SpinLock<Stats> &reads, SpinLock<Stats> &writes,
		   RawSpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = KXX_TRY(Box<Stats>::make(GFP_KERNEL));
#endif
	auto first = reads.lock();
	auto second = writes.lock_nested(first, SINGLE_DEPTH_NESTING);
	auto third = queue.lock(second);
#ifdef MISUSE
	auto memory = KXX_TRY(Box<Stats>::make(GFP_KERNEL));
	// expected-warning@-1 3 {{cannot call function 'make' while context 'atomic' is held}}
#endif

	memory->reads = third->length;
	return {};
}
} // namespace may_sleep_under_third_guard

namespace may_sleep_under_try_lock {
Result<void> count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	if (auto guard = stats.try_lock()) {
#ifndef MISUSE
		auto copy = KXX_TRY(Box<Stats>::make(GFP_ATOMIC, *guard));
#else
		auto copy = KXX_TRY(Box<Stats>::make(GFP_KERNEL, *guard));
		// expected-warning@-1 {{cannot call function 'make' while context 'atomic' is held}}
#endif

		guard->reads += copy->reads;
	}
	return {};
}
} // namespace may_sleep_under_try_lock
