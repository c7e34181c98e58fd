// SPDX-License-Identifier: GPL-2.0
// expect: acquiring context 'atomic' that is already held
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(RawSpinLockIrq<Stats> &stats, RawSpinLockIrq<Queue> &queue, const irq::Disabled &irq)
{
	auto first = stats.lock(irq);
#ifndef MISUSE
	auto second = queue.lock(first);
#else
	auto second = queue.lock(irq);
#endif

	first->reads += second->length;
}
