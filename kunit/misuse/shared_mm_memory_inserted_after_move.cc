// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> insert(SharedMm<> &space, FreeNode<> memory)
{
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));

	return {};
}
