// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::Box<Stats>::make(<unnamed enum>)'
// compiler: g++
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

Result<Box<Stats>> probe() KXX_MAY_SLEEP
{
#ifndef MISUSE
	return Box<Stats>::make(GFP_KERNEL);
#else
	return Box<Stats>::make(KXX_GFP_KERNEL);
#endif
}
