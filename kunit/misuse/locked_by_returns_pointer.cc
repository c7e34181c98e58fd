// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with()
// compiler: g++
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

Result<void> count(SpinLock<Queue> &queue, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = queue.lock();

#ifndef MISUSE
	return stats.with(guard, [](Stats &s) { s.reads++; });
#else
	Stats *kept = KXX_TRY(stats.with(guard, [](Stats &s) { return &s; }));

	kept->reads++;
	return {};
#endif
}
