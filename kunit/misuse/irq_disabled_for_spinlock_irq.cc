// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::SpinLockIrq<Stats>::lock(const kxx::irq::Disabled&)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
void count(RawSpinLockIrq<Stats> &stats, const irq::Disabled &irq)
#else
void count(SpinLockIrq<Stats> &stats, const irq::Disabled &irq)
#endif
{
	stats.lock(irq)->reads++;
}
