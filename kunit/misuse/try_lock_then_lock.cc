// SPDX-License-Identifier: GPL-2.0
// expect: that is already held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLock<Stats> &stats)
{
#ifndef MISUSE
	if (auto guard = stats.try_lock()) {
#else
	auto guard = stats.try_lock();

	if (guard) {
#endif
		guard->reads++;
		return;
	}
	stats.lock()->reads++;
}
