// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

namespace locked_by_a_guard_made_up {
struct Queue {};

struct Stats {
	unsigned long reads = 0;
};

struct Pretender {
	using Locked = SpinLock<Queue>;

	bool is_of(const SpinLock<Queue> &) const { return true; }
};

Result<void> count(LockedBy<Stats, SpinLock<Queue>> &stats, SpinLock<Queue> &queue)
{
#ifdef MISUSE
	Pretender guard;
#else
	auto guard = queue.lock();
#endif

	return stats.with(guard, [](Stats &s) { s.reads++; });
	// expected-error@-1 {{no matching member function for call to 'with'}}
}
} // namespace locked_by_a_guard_made_up

namespace locked_by_another_type {
struct Pages {};

#ifndef MISUSE
using Lock = SpinLock<Queue>;
#else
using Lock = SpinLock<Pages>;
#endif

Result<void> count(Lock &lock, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = lock.lock();

	return stats.with(guard, [](Stats &s) { s.reads++; });
	// expected-error@-1 {{no matching member function for call to 'with'}}
}
} // namespace locked_by_another_type

namespace locked_by_copied {
Result<void> count(SpinLock<Queue> &queue, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = queue.lock();
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats;
	// expected-error@-1 {{call to deleted constructor of 'LockedBy<Stats, SpinLock<Queue>>'}}
#endif

	return same.with(guard, [](Stats &s) { s.reads++; });
}
} // namespace locked_by_copied

namespace locked_by_ignored {
Result<void> count(SpinLock<Queue> &queue, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = queue.lock();

#ifndef MISUSE
	KXX_TRY(stats.with(guard, [](Stats &s) { s.reads++; }));
#else
	stats.with(guard, [](Stats &s) { s.reads++; });
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return {};
}
} // namespace locked_by_ignored

namespace locked_by_local_lock {
#ifndef MISUSE
using Lock = SpinLock<Queue>;
#else
using Lock = LocalLock<Queue>;
#endif

Result<void> count(Lock &queue, LockedBy<Stats, Lock> &stats)
{
	auto guard = queue.lock();

	return stats.with(guard, [](Stats &s) { s.reads++; });
	// expected-error@-1 {{no matching member function for call to 'with'}}
}
} // namespace locked_by_local_lock

namespace locked_by_returns_pointer {
Result<void> count(SpinLock<Queue> &queue, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = queue.lock();

#ifndef MISUSE
	return stats.with(guard, [](Stats &s) { s.reads++; });
#else
	Stats *kept = KXX_TRY(stats.with(guard, [](Stats &s) { return &s; }));
	// expected-error@kxx/sync/locked_by.hpp:* {{a reference to locked data must not leave with()}}
	// expected-note@-2 {{requested here}}

	kept->reads++;
	return {};
#endif
}
} // namespace locked_by_returns_pointer

namespace locked_by_try_guard {
Result<void> count(SpinLock<Queue> &queue, LockedBy<Stats, SpinLock<Queue>> &stats)
{
#ifndef MISUSE
	auto guard = queue.lock();
#else
	auto guard = queue.try_lock();
#endif

	return stats.with(guard, [](Stats &s) { s.reads++; });
	// expected-error@-1 {{no matching member function for call to 'with'}}
}
} // namespace locked_by_try_guard
