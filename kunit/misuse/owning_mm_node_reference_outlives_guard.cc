// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with local variable 'guard' returned
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
u64 start(SpinLock<OwningMm<>> &space)
{
	auto guard = space.lock();
	auto &node = *guard->interval_first(0, 100);

	return node.start();
}
#else
MmNode<> &start(SpinLock<OwningMm<>> &space)
{
	auto guard = space.lock();
	auto &node = *guard->interval_first(0, 100);

	return node;
}
#endif
