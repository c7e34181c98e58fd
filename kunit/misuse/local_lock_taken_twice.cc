// SPDX-License-Identifier: GPL-2.0
// expect: acquiring local_lock 'stats' that is already held
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(LocalLock<Stats> &stats)
{
	auto guard = stats.lock();

#ifndef MISUSE
	guard->reads++;
#else
	stats.lock(guard)->reads++;
#endif
}
