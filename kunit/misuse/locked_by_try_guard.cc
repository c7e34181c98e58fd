// SPDX-License-Identifier: GPL-2.0
// expect: no matching member function for call to 'with'
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
#ifndef MISUSE
	auto guard = queue.lock();
#else
	auto guard = queue.try_lock();
#endif

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
