// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace try_lock_bh_unlocked_early {
struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(SpinLockBh<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	if (auto outer = stats.try_lock()) {
		auto inner = queue.lock(outer);

		outer->reads += inner->length;
#ifdef MISUSE
		outer.unlock();
		// expected-error@kxx/sync/lock.hpp:* {{spin_unlock_bh() needs interrupts on: use lock_any_order()}}
		// expected-note@-2 {{requested here}}
#endif
	}
}
} // namespace try_lock_bh_unlocked_early

namespace try_lock_guard_copied {
struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats)
{
	auto guard = stats.try_lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
	// expected-error@-1 {{call to implicitly-deleted copy constructor of 'MaybeGuard'}}
#endif

	if (same)
		same->reads++;
}
} // namespace try_lock_guard_copied

namespace try_lock_ignored {
struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	if (auto guard = stats.try_lock())
		guard->reads++;
#else
	stats.try_lock();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace try_lock_ignored

namespace try_lock_guard_not_named {
struct Stats {
	unsigned long reads;
};
void submit();

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	if (auto guard = stats.try_lock())
#else
	if (stats.try_lock()) // expected-error {{attempt to use a deleted function}}
#endif
		submit();
}
} // namespace try_lock_guard_not_named
