// SPDX-License-Identifier: GPL-2.0
// expect: temporary implicitly bound to local reference will be destroyed at the end of the full-expression
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

void remove_large(SpinLock<OwningMm<>> &space)
{
#ifndef MISUSE
	auto guard = space.lock();

	for (auto &node : guard->nodes())
		if (node.size() > 16)
			auto removed = guard->remove_node(node);
#else
	for (auto &node : space.lock()->nodes())
		if (node.size() > 16)
			auto removed = space.lock()->remove_node(node);
#endif
}
