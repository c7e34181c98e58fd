// SPDX-License-Identifier: GPL-2.0
// expect: requires negative capability '!atomic_context'
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

#ifndef MISUSE
Result<Box<Stats>> probe() KXX_MAY_SLEEP
#else
Result<Box<Stats>> probe()
#endif
{
	return Box<Stats>::make(GFP_KERNEL);
}
