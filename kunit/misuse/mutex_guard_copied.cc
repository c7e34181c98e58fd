// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'Guard'
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
#endif

	same->reads++;
}
