// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::LockedBy<T, Lock>::LockedBy(const kxx::LockedBy<T, Lock>&)
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
	auto &same = stats;
#else
	auto same = stats;
#endif

	return same.with(guard, [](Stats &s) { s.reads++; });
}
