// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'insert_node' on object 'space' while it is in the 'consumed' state
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(SharedMm<> space);

Result<void> insert(SharedMm<> space, FreeNode<> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));

	keep(std::move(space));
#else
	keep(std::move(space));

	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
#endif
	return {};
}
