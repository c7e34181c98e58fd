// SPDX-License-Identifier: GPL-2.0
// expect: lockdep has MAX_LOCKDEP_SUBCLASSES, 8, nesting levels
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock_nested(Subclass<7>());
#else
	auto guard = stats.lock_nested(Subclass<8>());
#endif

	guard->reads++;
}
