// SPDX-License-Identifier: GPL-2.0
// expect: spin_unlock_bh() needs interrupts on, so not under an irq guard
// compiler: g++
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

struct Pages {
	unsigned long dirty;
};

#ifndef MISUSE
void count(SpinLock<Stats> &stats, LocalLock<Pages> &pages, SpinLockBh<Queue> &queue)
#else
void count(SpinLockIrq<Stats> &stats, LocalLock<Pages> &pages, SpinLockBh<Queue> &queue)
#endif
{
	auto first = stats.lock();
	auto second = pages.lock(first);
	auto third = queue.lock(second);

	first->reads += second->dirty + third->length;
}
