// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::SpinLockIrq
// compiler: g++
#include <kxx/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
#endif

	same->reads++;
}
