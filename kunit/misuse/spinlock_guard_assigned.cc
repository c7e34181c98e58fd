// SPDX-License-Identifier: GPL-2.0
// expect: cannot be assigned because its copy assignment operator is implicitly deleted
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &reads, SpinLockIrq<Stats> &writes)
{
	auto guard = reads.lock();

	guard->reads++;
#ifndef MISUSE
	writes.lock(guard)->reads++;
#else
	guard = writes.lock();
	guard->reads++;
#endif
}
