// SPDX-License-Identifier: GPL-2.0
// expect: cannot bind non-const lvalue reference of type 'kxx::Guard<kxx::SpinLockIrq<Stats>, kxx::detail::SpinIrqOps, 0>&' to an rvalue
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

void count(SpinLockIrq<Stats> &stats, SpinLockIrq<Queue> &queue)
{
#ifndef MISUSE
	auto outer = stats.lock();
	auto inner = queue.lock(outer);
#else
	auto inner = queue.lock(stats.lock());
#endif

	inner->length++;
}
