// SPDX-License-Identifier: GPL-2.0
// expect: 'constexpr kxx::GfpModifier::GfpModifier(gfp_t)' is private within this context
// compiler: g++
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

/* With it, what sleeps would pass for what does not. */
Result<Box<Stats>> probe()
{
#ifndef MISUSE
	return Box<Stats>::make(GFP_ATOMIC | __GFP_NOWARN);
#else
	return Box<Stats>::make(GFP_ATOMIC | GfpModifier(KXX_GFP_KERNEL));
#endif
}
