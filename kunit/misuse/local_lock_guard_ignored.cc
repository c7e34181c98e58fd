// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::detail::PerCpuLock<kxx::LocalLock<Stats>, kxx::detail::LocalOps, Stats>::Guard<0, kxx::detail::LocalOps>'
// compiler: g++
#include <kxx/sync/local_lock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(LocalLock<Stats> &stats)
{
#ifndef MISUSE
	stats.lock()->reads++;
#else
	stats.lock();
#endif
}
