// SPDX-License-Identifier: GPL-2.0
// expect: acquiring mutex 'stats' that is already held
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
	if (auto again = stats.lock_interruptible())
		again->reads++;
}
