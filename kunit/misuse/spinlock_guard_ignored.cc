// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::detail::SpinningLock<kxx::SpinLockIrq<Stats>, kxx::detail::SpinIrqOps, Stats>::Guard'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	stats.lock();
#endif
}
