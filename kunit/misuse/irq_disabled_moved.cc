// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::irq::Disabled::Disabled(const kxx::irq::Disabled&)'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void queue(RawSpinLockIrq<Queue> &queue, const irq::Disabled &irq)
{
	queue.lock(irq)->length++;
}

void count(RawSpinLockIrq<Stats> &stats, const irq::Disabled &irq, RawSpinLockIrq<Queue> &other)
{
	stats.lock(irq)->reads++;
#ifndef MISUSE
	queue(other, irq);
#else
	irq::Disabled moved = std::move(irq);

	queue(other, moved);
#endif
}
