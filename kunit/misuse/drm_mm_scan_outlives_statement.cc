// SPDX-License-Identifier: GPL-2.0
// expect: temporary whose address is used as value of local variable 'scan' will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<bool> room(SpinLock<Mm<>> &space, Node<> &node KXX_UNCONSUMED)
{
#ifndef MISUSE
	auto guard = space.lock();
	MmScan scan(*guard, 16, 0, 0, MmInsertMode::BEST);
#else
	MmScan scan(*space.lock(), 16, 0, 0, MmInsertMode::BEST);
#endif

	return scan.add_block(node);
}
