// SPDX-License-Identifier: GPL-2.0
// expect: calling function '~Guard' requires negative capability '!atomic_context'
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
#else
void count(Mutex<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
}
