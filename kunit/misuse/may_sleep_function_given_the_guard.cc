// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'grow' while context 'atomic' is held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

using Lock = SpinLock<Stats>;

#ifndef MISUSE
void grow(Lock::Guard &stats)
{
	stats->reads++;
}
#else
void reclaim() KXX_MAY_SLEEP;

void grow(Lock::Guard &stats) KXX_MAY_SLEEP
{
	stats->reads++;
	reclaim();
}
#endif

void count(Lock &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();

	grow(guard);
}
