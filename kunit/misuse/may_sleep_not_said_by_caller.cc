// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'probe' requires negative capability '!atomic_context'
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> probe() KXX_MAY_SLEEP
{
	return Box<Stats>::make(GFP_KERNEL);
}

#ifndef MISUSE
unsigned long reads() KXX_MAY_SLEEP
#else
unsigned long reads()
#endif
{
	auto stats = probe();

	if (!stats)
		return 0;
	return std::move(stats).value()->reads;
}
