// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

struct Queue {
	unsigned long length;
};

Result<void> count(SpinLock<Stats> &reads, SpinLock<Stats> &writes,
		   RawSpinLock<Queue> &queue) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = KXX_TRY(Box<Stats>::make(GFP_KERNEL));
#endif
	auto first = reads.lock();
	auto second = writes.lock_nested(first, SINGLE_DEPTH_NESTING);
	auto third = queue.lock(second);
#ifdef MISUSE
	auto memory = KXX_TRY(Box<Stats>::make(GFP_KERNEL));
#endif

	memory->reads = third->length;
	return {};
}
