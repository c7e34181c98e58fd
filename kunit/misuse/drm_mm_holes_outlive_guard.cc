// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'guard' returned
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
u64 unused(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();
	u64 sum = 0;

	for (auto [start, size] : guard->holes())
		sum += size;
	return sum;
}
#else
MmHoles unused(SpinLock<Mm<>> &space)
{
	auto guard = space.lock();

	return guard->holes();
}
#endif
