// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::irq::Disabled::Disabled(const kxx::irq::Disabled&)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
unsigned long count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	return ++guard->reads;
}
#else
irq::Disabled count(RawSpinLockIrq<Stats> &stats)
{
	auto guard = stats.lock();

	guard->reads++;
	return guard.irq();
}
#endif
