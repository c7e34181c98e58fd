// SPDX-License-Identifier: GPL-2.0
// expect: calling function '~Guard' requires negative capability '!atomic_context'
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Queue {};

struct Stats {
	unsigned long reads = 0;
};

#ifndef MISUSE
#define WORD KXX_MAY_SLEEP
#else
#define WORD
#endif

Result<void> count(LockedBy<Stats, Mutex<Queue>> &stats, Mutex<Queue> &queue) WORD
{
	auto guard = queue.lock();

	return stats.with(guard, [](Stats &s) { s.reads++; });
}
