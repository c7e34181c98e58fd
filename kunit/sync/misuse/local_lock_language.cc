// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace local_lock_copied {
void count(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'LocalLock<Stats>'}}
#endif

	same.lock()->reads++;
}
} // namespace local_lock_copied

namespace local_lock_from_nothing {
Result<void> count() KXX_MAY_SLEEP
{
#ifndef MISUSE
	LocalLock<Stats> stats = KXX_TRY(LocalLock<Stats>::make());
#else
	LocalLock<Stats> stats;
	// expected-error@-1 {{call to implicitly-deleted default constructor of 'LocalLock<Stats>'}}
#endif

	stats.lock()->reads++;
	return {};
}
} // namespace local_lock_from_nothing

namespace local_lock_guard_copied {
void count(LocalLock<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard; // expected-error {{call to implicitly-deleted copy constructor}}
#endif

	same->reads++;
}
} // namespace local_lock_guard_copied

namespace local_lock_guard_ignored {
void count(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	stats.lock();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace local_lock_guard_ignored

namespace local_lock_guard_on_the_heap {
void count(LocalLock<Stats> &stats)
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
} // namespace local_lock_guard_on_the_heap

namespace local_lock_of_all_cpus_while_in_use {
unsigned long sum(LocalLock<Stats> stats) KXX_MAY_SLEEP
{
	unsigned long sum = 0;
	auto add = [&sum](const Stats &of_one_cpu) { sum += of_one_cpu.reads; };

#ifndef MISUSE
	std::move(stats).for_each_possible_cpu(add);
#else
	stats.for_each_possible_cpu(add);
	// expected-error@-1 {{no matching member function for call to 'for_each_possible_cpu'}}
#endif
	return sum;
}
} // namespace local_lock_of_all_cpus_while_in_use

namespace local_lock_under_raw_spinlock {
struct Queue {
	unsigned long length;
};

#ifndef MISUSE
void count(RawSpinLock<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count(RawSpinLock<Stats> &stats, LocalLock<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);
	// expected-error@kxx/sync/lock.hpp:* {{this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t}}
	// expected-note@-2 {{while substituting deduced template arguments}}

	outer->reads += inner->length;
}
} // namespace local_lock_under_raw_spinlock

namespace local_lock_with_locked_returns_reference {
unsigned long reads(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	return stats.with_locked([](Stats &locked) { return locked.reads; });
#else
	return stats.with_locked([](Stats &locked) -> unsigned long & { return locked.reads; });
	// expected-error@kxx/sync/local_lock.hpp:* {{a reference to locked data must not leave with_locked()}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace local_lock_with_locked_returns_reference
