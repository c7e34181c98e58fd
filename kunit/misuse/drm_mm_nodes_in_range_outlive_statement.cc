// SPDX-License-Identifier: GPL-2.0
// expect: temporary whose address is used as value of local variable 'nodes' will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

u64 reserved(SpinLock<Mm<>> &space, u64 end)
{
	u64 sum = 0;

#ifndef MISUSE
	auto guard = space.lock();
	auto nodes = guard->nodes_in_range(0, end);
#else
	auto nodes = space.lock()->nodes_in_range(0, end);
#endif

	for (auto &node : nodes)
		sum += node.size();
	return sum;
}
