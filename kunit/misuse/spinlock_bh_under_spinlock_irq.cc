// SPDX-License-Identifier: GPL-2.0
// expect: spin_unlock_bh() needs interrupts on, so not under an irq guard
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

#ifndef MISUSE
void count(SpinLock<Stats> &stats, SpinLockBh<Queue> &queue)
#else
void count(SpinLockIrq<Stats> &stats, SpinLockBh<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);

	outer->reads += inner->length;
}
