// SPDX-License-Identifier: GPL-2.0
// expect: a reference to locked data must not leave with_locked()
// compiler: g++
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

unsigned long reads(SpinLockIrq<Stats> &stats)
{
#ifndef MISUSE
	return stats.with_locked([](Stats &locked) { return locked.reads; });
#else
	return stats.with_locked([](Stats &locked) -> unsigned long & { return locked.reads; });
#endif
}
