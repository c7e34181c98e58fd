// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::Guard<kxx::RawSpinLock<Stats>, kxx::detail::RawSpinOps, 0>::irq()'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(const irq::Disabled &irq);

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats)
#else
void count_all(RawSpinLock<Stats> &stats)
#endif
{
	auto guard = stats.lock();

	guard->reads++;
	count(guard.irq());
}
