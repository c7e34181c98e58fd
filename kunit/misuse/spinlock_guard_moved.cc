// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'typename std::remove_reference<Guard<SpinLockIrq<Stats>, SpinIrqOps, 0> &>::type'
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &&same = std::move(guard);
#else
	auto same = std::move(guard);
#endif

	same->reads++;
}
