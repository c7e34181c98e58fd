// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<FreeNode<>> replace(SharedMm<>::Node &node, FreeNode<> memory)
{
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	return node.replace_node(std::move(memory));
}
