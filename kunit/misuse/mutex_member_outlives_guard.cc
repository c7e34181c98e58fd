// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'guard' returned
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
unsigned long reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
#else
unsigned long &reads(Mutex<Stats> &stats) KXX_MAY_SLEEP
#endif
{
	auto guard = stats.lock();

	return guard->reads;
}
