// SPDX-License-Identifier: GPL-2.0
// expect: call to implicitly-deleted copy constructor of 'kxx::Guard<kxx::SpinLockIrq<Stats>, kxx::detail::SpinIrqOps, 0>'
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

template <typename Guard> void drop(Guard) {}

/* The second guard would go on with interrupts on. */
void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
	auto first = stats.lock();
	auto second = queue.lock(first);

	first->reads++;
#ifdef MISUSE
	drop(std::move(first));
#endif
	second->length++;
}
