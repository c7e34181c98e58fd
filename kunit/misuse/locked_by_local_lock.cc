// SPDX-License-Identifier: GPL-2.0
// expect: no matching member function for call to 'with'
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

#ifndef MISUSE
using Lock = SpinLock<Queue>;
#else
using Lock = LocalLock<Queue>;
#endif

Result<void> count(Lock &queue, LockedBy<Stats, Lock> &stats)
{
	auto guard = queue.lock();

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
