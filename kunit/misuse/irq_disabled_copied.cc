// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::irq::Disabled::Disabled(const kxx::irq::Disabled&)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(RawSpinLockIrq<Stats> &stats, const irq::Disabled &irq)
{
#ifndef MISUSE
	auto &same = irq;
#else
	auto same = irq;
#endif

	stats.lock(same)->reads++;
}
