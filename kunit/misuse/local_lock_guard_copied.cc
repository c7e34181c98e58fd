// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::detail::PerCpuLock<Self, Ops, T>::Guard<nesting, Inherits>::Guard(const kxx::detail::PerCpuLock<Self, Ops, T>::Guard<nesting, Inherits>&)
// compiler: g++
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(LocalLock<Stats> &stats)
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto &same = guard;
#else
	auto same = guard;
#endif

	same->reads++;
}
