// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'Journal' while context 'atomic' is held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Journal {
	Journal() KXX_MAY_SLEEP;
	void add(unsigned long reads);
};

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	Journal journal;
#endif
	auto guard = stats.lock();
#ifdef MISUSE
	Journal journal;
#endif

	journal.add(++guard->reads);
}
