// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::LockedBy<Stats, kxx::SpinLock<Queue> >::with(kxx::Guard<kxx::SpinLock<Pages>
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

struct Pages {};

#ifndef MISUSE
using Lock = SpinLock<Queue>;
#else
using Lock = SpinLock<Pages>;
#endif

Result<void> count(Lock &lock, LockedBy<Stats, SpinLock<Queue>> &stats)
{
	auto guard = lock.lock();

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
