// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Result<bool>'
// compiler: g++
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> room(Mm<> &mm)
{
	MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);

	for (auto &node : mm.nodes())
#ifndef MISUSE
		if (KXX_TRY(scan.add_block(node)))
			break;
#else
		scan.add_block(node);
#endif
	return {};
}
