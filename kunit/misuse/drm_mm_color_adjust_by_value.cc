// SPDX-License-Identifier: GPL-2.0
// expect: color_adjust must be: static void color_adjust(const MmNodeBase &, const MmNodeBase &, unsigned long, u64 &, u64 &)
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* It would narrow its own copy of the hole. */
struct Guarded {
#ifndef MISUSE
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end);
#else
	static void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
				 unsigned long color, u64 start, u64 end);
#endif
};

bool clean(MmRange range)
{
	Mm<NoPayload, Guarded> mm(range, "guarded");

	return mm.clean();
}
