// SPDX-License-Identifier: GPL-2.0
// expect: requires negative capability '!atomic_context'
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> probe() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto make = []() KXX_MAY_SLEEP { return Box<Stats>::make(GFP_KERNEL); };
#else
	auto make = [] { return Box<Stats>::make(GFP_KERNEL); };
#endif

	return make();
}
