// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator*' on object 'guard' while it is in the 'unknown' state
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void reset(SpinLock<Stats> &stats)
{
	auto guard = stats.try_lock();

#ifndef MISUSE
	if (guard)
#endif
		*guard = {};
}
