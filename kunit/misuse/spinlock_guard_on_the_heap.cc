// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'static void* kxx::detail::Held<Lock, Ops>::operator new(size_t)
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = new auto(stats.lock());

	(*guard)->reads++;
#endif
}
