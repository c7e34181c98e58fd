// SPDX-License-Identifier: GPL-2.0
// expect: 'lock_nested' is not a member of 'kxx::detail::SpinBhOps'
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
void count(SpinLock<Stats> &stats)
#else
void count(SpinLockBh<Stats> &stats)
#endif
{
	stats.lock_nested(SINGLE_DEPTH_NESTING)->reads++;
}
