// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'mm' returned
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
bool left(MmRange range)
#else
MmNodes<MmNode<>> left(MmRange range)
#endif
{
	Mm<> mm(range, "local");

#ifndef MISUSE
	return mm.nodes().begin() != mm.nodes().end();
#else
	return mm.nodes();
#endif
}
