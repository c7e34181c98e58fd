// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::Guard<kxx::RawSpinLock<Queue>, kxx::detail::UnderOps<kxx::detail::RawSpinOps, kxx::detail::SpinIrqOps>, 1>::irq()'
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

#ifndef MISUSE
void count_all(RawSpinLockIrq<Stats> &stats, RawSpinLock<Queue> &queue)
#else
void count_all(SpinLockIrq<Stats> &stats, RawSpinLock<Queue> &queue)
#endif
{
	auto outer = stats.lock();
	auto inner = queue.lock(outer);

	outer->reads += inner->length;
	count(inner.irq());
}
