// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make' while context 'atomic' is held
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<Node<>> insert(SpinLock<Mm<>> &space) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto guard = space.lock();
#else
	auto guard = space.lock();
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
#endif

	return guard->insert_node(std::move(memory), 16);
}
