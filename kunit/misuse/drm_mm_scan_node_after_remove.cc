// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/drm_mm_scan.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(Node<> node);

Result<bool> room(Mm<> &mm, Node<> node)
{
	MmScan scan(mm, 16, 0, 0, MmInsertMode::BEST);
#ifndef MISUSE
	bool enough = KXX_TRY(scan.add_block(node));

	keep(std::move(node));
#else
	keep(std::move(node));

	bool enough = KXX_TRY(scan.add_block(node));
#endif
	return Result<bool>(enough);
}
