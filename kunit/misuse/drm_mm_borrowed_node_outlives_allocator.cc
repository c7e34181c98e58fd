// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'mm' returned
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
u64 lowest(MmRange range)
#else
MmNode<> *lowest(MmRange range)
#endif
{
	Mm<> mm(range, "local");

#ifndef MISUSE
	auto *node = mm.interval_first(0, 100);

	return node ? node->start() : 0;
#else
	return mm.interval_first(0, 100);
#endif
}
