// SPDX-License-Identifier: GPL-2.0
// expect: this lock sleeps on PREEMPT_RT, so not under a raw_spinlock_t
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

#ifndef MISUSE
void count(RawSpinLock<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count(RawSpinLock<Stats> &stats, LocalLock<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);

	outer->reads += inner->length;
}
