// SPDX-License-Identifier: GPL-2.0
// expect: will be destroyed at the end of the full-expression
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto guard = stats.lock();
	Stats &locked = *guard;
#else
	Stats &locked = *stats.lock();
#endif

	locked.reads++;
}
