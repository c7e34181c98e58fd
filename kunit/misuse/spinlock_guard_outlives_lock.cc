// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'stats' returned
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
unsigned long count()
#else
/* Whose caller is to have the lock held. */
SpinLock<Stats>::Guard count() KXX_NO_THREAD_SAFETY_ANALYSIS
#endif
{
	SpinLock<Stats> stats;

#ifndef MISUSE
	return stats.lock()->reads;
#else
	return stats.lock();
#endif
}
