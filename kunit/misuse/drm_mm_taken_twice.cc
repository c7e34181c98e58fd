// SPDX-License-Identifier: GPL-2.0
// expect: acquiring spinlock 'space' that is already held
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;
using namespace kxx::drm;

void free(SpinLock<Mm<>> &space, Node<> node)
{
	auto guard = space.lock();

	guard->print();
#ifndef MISUSE
	auto removed = guard->remove_node(std::move(node));
#else
	auto removed = space.lock(guard)->remove_node(std::move(node));
#endif
}
