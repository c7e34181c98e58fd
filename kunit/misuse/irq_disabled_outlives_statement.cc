// SPDX-License-Identifier: GPL-2.0
// expect: temporary bound to local reference 'irq' will be destroyed at the end of the full-expression
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(const irq::Disabled &irq);

void count_all(RawSpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();
	const irq::Disabled &irq = guard.irq();
#else
	const irq::Disabled &irq = stats.lock().irq();
#endif

	count(irq);
}
