// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'swap'
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(SpinLockIrq<Stats> &reads, SpinLockIrq<Stats> &writes)
{
	auto outer = reads.lock();

	outer->reads++;
#ifdef MISUSE
	auto inner = writes.lock();

	std::swap(outer, inner);
#else
	auto inner = writes.lock(outer);
#endif
	inner->reads++;
}
