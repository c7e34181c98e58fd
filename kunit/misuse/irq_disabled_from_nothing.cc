// SPDX-License-Identifier: GPL-2.0
// expect: 'constexpr kxx::irq::Disabled::Disabled()' is private within this context
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	irq::Disabled irq;

	stats.lock(irq)->reads++;
#endif
}
