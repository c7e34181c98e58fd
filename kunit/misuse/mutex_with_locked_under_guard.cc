// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'with_locked' while mutex 'stats' is held
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#endif
	stats.with_locked([](Stats &locked) { locked.reads++; });
}
