// SPDX-License-Identifier: GPL-2.0
// expect: will be destroyed at the end of the full-expression
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

Result<void> count()
{
#ifndef MISUSE
	SpinLock<Queue> queue;
	LockedBy<Stats, SpinLock<Queue>> stats(queue);
	auto guard = queue.lock();
#else
	LockedBy<Stats, SpinLock<Queue>> stats{ SpinLock<Queue>() };
	SpinLock<Queue> queue;
	auto guard = queue.lock();
#endif

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
