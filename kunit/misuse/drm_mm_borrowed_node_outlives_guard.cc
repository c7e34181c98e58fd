// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'guard' returned
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
u64 lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	auto *node = guard->interval_first(0, 100);

	return node ? node->start() : 0;
}
#else
MmNode<> *lowest(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->interval_first(0, 100);
}
#endif
