// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted default constructor of 'LocalLock<Stats>'
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<void> count() KXX_MAY_SLEEP
{
#ifndef MISUSE
	LocalLock<Stats> stats = KXX_TRY(LocalLock<Stats>::make());
#else
	LocalLock<Stats> stats;
#endif

	stats.lock()->reads++;
	return {};
}
