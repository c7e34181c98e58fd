// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::Guard<kxx::RawSpinLock<Queue>, kxx::detail::UnderOps<kxx::detail::RawSpinOps, kxx::detail::UnprovenOps<kxx::detail::RawSpinIrqOps> >, 1>::irq()'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(const irq::Disabled &irq);

void count_all(RawSpinLockIrq<Stats> &stats, RawSpinLock<Queue> &queue)
{
#ifndef MISUSE
	auto outer = stats.lock();
#else
	auto outer = stats.try_lock();
#endif
	auto inner = queue.lock(outer);

	inner->length++;
	count(inner.irq());
}
