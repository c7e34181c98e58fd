// SPDX-License-Identifier: GPL-2.0
// expect: is still held at the end of function
#include <optional>

#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads = 0;
};

#ifdef MISUSE
/* What it converts to is built in place, in an optional too. */
struct Taker {
	operator SpinLock<Stats>::Guard() { return stats.lock(); }

	SpinLock<Stats> &stats;
};
#endif

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	std::optional<SpinLock<Stats>::Guard> guard;

	guard.emplace(Taker{ stats });
	(*guard)->reads++;
#endif
}
