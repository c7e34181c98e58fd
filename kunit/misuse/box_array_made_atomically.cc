// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'Gfp<false>' to 'Gfp<true>'
// compiler: g++
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats[]>> probe() KXX_MAY_SLEEP
{
#ifndef MISUSE
	return Box<Stats[]>::make(GFP_KERNEL, 16);
#else
	return Box<Stats[]>::make(GFP_ATOMIC, 16);
#endif
}
