// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

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
