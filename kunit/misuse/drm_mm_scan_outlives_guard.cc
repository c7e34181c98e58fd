// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'guard' returned
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

using Scan = MmScan<NoPayload, void>;

#ifndef MISUSE
Result<bool> room(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	Scan scan(*guard, 16, 0, 0, MmInsertMode::BEST);

	for (auto &node : guard->nodes())
		if (KXX_TRY(scan.add_block(node)))
			return Result<bool>(true);
	return Result<bool>(false);
}
#else
Scan room(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return Scan(*guard, 16, 0, 0, MmInsertMode::BEST);
}
#endif
