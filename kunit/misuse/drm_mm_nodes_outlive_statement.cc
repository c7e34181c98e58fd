// SPDX-License-Identifier: GPL-2.0
// expect: temporary implicitly bound to local reference will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 reserved(SpinLock<Mm<>> &space)
{
	u64 sum = 0;

#ifndef MISUSE
	auto guard = space.lock();

	for (auto &node : guard->nodes())
#else
	for (auto &node : space.lock()->nodes())
#endif
		sum += node.size();
	return sum;
}
