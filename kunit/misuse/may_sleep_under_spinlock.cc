// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<void> count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
	auto guard = stats.lock();
#ifndef MISUSE
	auto copy = KXX_TRY(Box<Stats>::make(GFP_ATOMIC, *guard));
#else
	auto copy = KXX_TRY(Box<Stats>::make(GFP_KERNEL, *guard));
#endif

	guard->reads += copy->reads;
	return {};
}
