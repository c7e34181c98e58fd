// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'irq'
// compiler: g++
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(const irq::Disabled &irq);

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats)
#else
void count_all(LocalLockIrq<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
	count(guard.irq());
}
