// SPDX-License-Identifier: GPL-2.0
// expect: temporary whose address is used as value of local variable 'kxx_result_' will be destroyed at the end of the full-expression
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<u64> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
#ifndef MISUSE
	auto guard = space.lock();
	auto *node = KXX_TRY(guard->reserve_node(std::move(memory), 0, 16));
#else
	auto *node = KXX_TRY(space.lock()->reserve_node(std::move(memory), 0, 16));
#endif

	return node->start();
}
