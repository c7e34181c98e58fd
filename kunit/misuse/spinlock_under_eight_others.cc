// SPDX-License-Identifier: GPL-2.0
// expect: a lock under eight others: lockdep's subclasses end here too
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

template <unsigned int depth> struct Level;

template <unsigned int deepest, typename Outer> void descend(Outer &outer)
{
	SpinLock<Stats, Level<Outer::depth + 1>> lock;
	auto guard = lock.lock(outer);

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
