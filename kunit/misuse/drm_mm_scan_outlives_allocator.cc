// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'mm' returned
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

using Scan = MmScan<NoPayload, void>;

#ifndef MISUSE
bool empty(MmRange range)
{
	Mm<> mm(range, "local");
	Scan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	return !scan.remove_block();
}
#else
Scan empty(MmRange range)
{
	Mm<> mm(range, "local");

	return Scan(mm, 16, 0, 0, MmInsertMode::BEST);
}
#endif
