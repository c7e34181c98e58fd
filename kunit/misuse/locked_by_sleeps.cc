// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'operator()' requires negative capability '!atomic_context'
#include <kxx/sync/locked_by.hpp>
#include <kxx/mm/slab.hpp>
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
	return stats.with(guard, [](Stats &s) { s.reads += !Box<Stats>::make(GFP_ATOMIC); });
#else
	return stats.with(guard,
			  [](Stats &s) KXX_MAY_SLEEP { s.reads += !Box<Stats>::make(GFP_KERNEL); });
#endif
}
