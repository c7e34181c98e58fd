// SPDX-License-Identifier: GPL-2.0
// expect: is still held at the end of function
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads = 0;
};

void count(SpinLock<Stats> &stats, [[maybe_unused]] void *memory)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = ::new (memory) SpinLock<Stats>::Guard(stats.lock());

	(*guard)->reads++;
#endif
}
