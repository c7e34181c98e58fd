// SPDX-License-Identifier: GPL-2.0
// expect: no match for 'operator|' in 'kxx::GFP_ATOMIC | kxx::GFP_KERNEL'
// compiler: g++
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> probe()
{
#ifndef MISUSE
	return Box<Stats>::make(GFP_ATOMIC | __GFP_NOWARN);
#else
	return Box<Stats>::make(GFP_ATOMIC | GFP_KERNEL);
#endif
}
