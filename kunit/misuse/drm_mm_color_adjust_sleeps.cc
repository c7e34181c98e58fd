// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'color_adjust' requires negative capability '!atomic_context'
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Guarded {
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end)
#ifndef MISUSE
		;
#else
		KXX_MAY_SLEEP;
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");

	return mm.clean();
}
