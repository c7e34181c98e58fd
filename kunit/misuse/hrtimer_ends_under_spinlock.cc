// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function '~HrTimer' while context 'atomic' is held
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads = 0;
};

struct Owner {
	using Raw = Stats *;

	Raw into_raw() && { return stats; }
	static Owner from_raw(Raw raw) { return Owner{ raw }; }

	Stats *stats;
};

struct Handler {
	static void timer_expired(Owner) {}
};

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	HrTimer<Owner, Handler> timer;
	auto guard = stats.lock();
#else
	auto guard = stats.lock();
	HrTimer<Owner, Handler> timer;
#endif

	guard->reads++;
}
