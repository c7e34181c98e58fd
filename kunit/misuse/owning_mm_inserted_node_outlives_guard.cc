// SPDX-License-Identifier: GPL-2.0
// expect: address of stack memory associated with local variable 'guard' returned
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
Result<u64> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
	auto guard = space.lock();
	auto *node = KXX_TRY(guard->insert_node(std::move(memory), 16));

	return node->start();
}
#else
Result<MmNode<> *> insert(SpinLock<OwningMm<>> &space, FreeNode<> memory)
{
	auto guard = space.lock();

	return guard->insert_node(std::move(memory), 16);
}
#endif
