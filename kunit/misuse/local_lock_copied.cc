// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'LocalLock<Stats>'
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	auto &same = stats;
#else
	auto same = stats;
#endif

	same.lock()->reads++;
}
