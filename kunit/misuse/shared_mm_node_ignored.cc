// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::drm::SharedMm<>::Node'
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* It would be given back at once. */
Result<u64> insert(SharedMm<> &space, FreeNode<> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));

	return node.start();
#else
	KXX_TRY(space.insert_node(std::move(memory), 16));
	return 0;
#endif
}
