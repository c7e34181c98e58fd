// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'static void* kxx::detail::PerCpuLock<Self, Ops, T>::Guard<nesting, Inherits>::operator new(size_t)
// compiler: g++
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	auto guard = stats.lock();

	guard->reads++;
#else
	auto *guard = new auto(stats.lock());

	(*guard)->reads++;
#endif
}
