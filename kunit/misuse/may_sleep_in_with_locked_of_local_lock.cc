// SPDX-License-Identifier: GPL-2.0
// expect: function 'operator()'
#include <kxx/sync/local_lock.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

void count(LocalLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto copy = [](Stats &locked) { return Box<Stats>::make(GFP_ATOMIC, locked); };
#else
	auto copy = [](Stats &locked)
			    KXX_MAY_SLEEP { return Box<Stats>::make(GFP_KERNEL, locked); };
#endif

	if (!stats.with_locked(copy))
		pr_warn("no copy\n");
}
