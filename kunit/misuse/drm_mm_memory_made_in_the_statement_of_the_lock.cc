// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'make_memory' while context 'atomic' is held
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

/* With GFP_KERNEL. */
FreeNode<> make_memory() KXX_MAY_SLEEP;

Result<Node<>> insert(SpinLock<Mm<>> &space) KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto memory = make_memory();

	return space.lock()->insert_node(std::move(memory), 16);
#else
	return space.lock()->insert_node(make_memory(), 16);
#endif
}
