// SPDX-License-Identifier: GPL-2.0
// expect: operands to '?:' have different types 'const kxx::GfpMaySleep'
// compiler: g++
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> probe(bool may_sleep) KXX_MAY_SLEEP
{
#ifndef MISUSE
	if (may_sleep)
		return Box<Stats>::make(GFP_KERNEL);
	return Box<Stats>::make(GFP_ATOMIC);
#else
	return Box<Stats>::make(may_sleep ? GFP_KERNEL : GFP_ATOMIC);
#endif
}
