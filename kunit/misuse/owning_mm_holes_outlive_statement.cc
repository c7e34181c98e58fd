// SPDX-License-Identifier: GPL-2.0
// expect: temporary implicitly bound to local reference will be destroyed at the end of the full-expression
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 unused(SpinLock<OwningMm<>> &space)
{
	u64 sum = 0;

#ifndef MISUSE
	auto guard = space.lock();

	for (auto [start, size] : guard->holes())
#else
	for (auto [start, size] : space.lock()->holes())
#endif
		sum += size;
	return sum;
}
