// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Stats {
	unsigned long reads;
};

namespace gfp_as_a_number {
Result<Box<Stats>> probe() KXX_MAY_SLEEP
{
#ifndef MISUSE
	return Box<Stats>::make(GFP_KERNEL);
#else
	return Box<Stats>::make(KXX_GFP_KERNEL);
	// expected-error@-1 {{no matching function for call to 'make'}}
#endif
}
} // namespace gfp_as_a_number

namespace gfp_chosen_at_run_time {
Result<Box<Stats>> probe(bool may_sleep) KXX_MAY_SLEEP
{
#ifndef MISUSE
	if (may_sleep)
		return Box<Stats>::make(GFP_KERNEL);
	return Box<Stats>::make(GFP_ATOMIC);
#else
	return Box<Stats>::make(may_sleep ? GFP_KERNEL : GFP_ATOMIC);
	// expected-error@-1 {{incompatible operand types ('const Gfp<true>' and 'const Gfp<false>')}}
#endif
}
} // namespace gfp_chosen_at_run_time

namespace gfp_modifier_made_of_a_number {
/* GFP_KERNEL as a modifier would turn a GFP_ATOMIC allocation into one that sleeps. */
Result<Box<Stats>> probe()
{
#ifndef MISUSE
	return Box<Stats>::make(GFP_ATOMIC | __GFP_NOWARN);
#else
	return Box<Stats>::make(GFP_ATOMIC | GfpModifier(KXX_GFP_KERNEL));
	// expected-error@-1 {{calling a private constructor of class 'kxx::GfpModifier'}}
#endif
}
} // namespace gfp_modifier_made_of_a_number

namespace gfp_of_both_kinds {
Result<Box<Stats>> probe()
{
#ifndef MISUSE
	return Box<Stats>::make(GFP_ATOMIC | __GFP_NOWARN);
#else
	return Box<Stats>::make(GFP_ATOMIC | GFP_KERNEL);
	// expected-error@-1 {{invalid operands to binary expression ('const GfpAtomic'}}
#endif
}
} // namespace gfp_of_both_kinds

namespace gfp_that_sleeps_as_one_that_does_not {
Result<Box<Stats>> probe()
{
#ifndef MISUSE
	GfpAtomic gfp = GFP_ATOMIC;
#else
	GfpAtomic gfp = GFP_KERNEL;
	// expected-error@-1 {{no viable conversion from 'const Gfp<true>' to 'Gfp<false>'}}
#endif

	return Box<Stats>::make(gfp);
}
} // namespace gfp_that_sleeps_as_one_that_does_not
