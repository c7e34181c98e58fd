// SPDX-License-Identifier: GPL-2.0
// expect: method 'lock' on object 'stats' while it is in the 'consumed' state
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void keep(LocalLock<Stats> stats);

void count(LocalLock<Stats> stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
	keep(std::move(stats));
#else
	keep(std::move(stats));
	stats.lock()->reads++;
#endif
}
