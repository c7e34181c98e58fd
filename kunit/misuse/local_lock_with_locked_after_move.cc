// SPDX-License-Identifier: GPL-2.0
// expect: method 'with_locked' on object 'stats' while it is in the 'consumed' state
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void keep(LocalLock<Stats> stats);

void count(LocalLock<Stats> stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	stats.with_locked([](Stats &s) { s.reads++; });
	keep(std::move(stats));
#else
	keep(std::move(stats));
	stats.with_locked([](Stats &s) { s.reads++; });
#endif
}
