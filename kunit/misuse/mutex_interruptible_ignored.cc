// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Mutex<Stats>::MaybeGuard<kxx::detail::MutexInterruptibleOps<0> >'
// compiler: g++
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(Mutex<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	if (auto guard = stats.lock_interruptible())
		guard->reads++;
#else
	stats.lock_interruptible();
#endif
}
