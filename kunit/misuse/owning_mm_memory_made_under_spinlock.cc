// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> insert(SpinLock<OwningMm<>> &space) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto guard = space.lock();
#else
	auto guard = space.lock();
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
#endif

	KXX_TRY(guard->insert_node(std::move(memory), 16));
	return {};
}
