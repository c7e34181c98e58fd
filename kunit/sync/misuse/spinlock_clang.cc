// SPDX-License-Identifier: GPL-2.0
// Mistakes that only clang must refuse, before its analyses; checked by scripts/tests/misuse.
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace spinlock_under_eight_others {
struct Stats {
	unsigned long reads;
};

template <unsigned int depth> struct Level;

template <unsigned int deepest, typename Outer> void descend(Outer &outer)
{
	SpinLock<Stats, Level<Outer::depth + 1>> lock;
	auto guard = lock.lock(outer);
	// expected-error@kxx/sync/context.hpp:* {{a lock under eight others: lockdep's subclasses end here too}}
	// expected-note@-2 {{requested here}}

	guard->reads++;
	if constexpr (guard.depth < deepest)
		descend<deepest>(guard);
}

void count(SpinLock<Stats> &stats)
{
	auto guard = stats.lock();

#ifndef MISUSE
	descend<7>(guard);
#else
	descend<8>(guard);
#endif
}
} // namespace spinlock_under_eight_others
