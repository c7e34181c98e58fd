// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'grow' while context 'atomic' is held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void grow() KXX_MAY_SLEEP;

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	{
		auto guard = stats.lock();

		guard->reads++;
#ifdef MISUSE
		grow();
#endif
	}
	grow();
}
