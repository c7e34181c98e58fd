// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Result<void>'
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
	KXX_TRY(stats.with(guard, [](Stats &s) { s.reads++; }));
#else
	stats.with(guard, [](Stats &s) { s.reads++; });
#endif
	return {};
}
