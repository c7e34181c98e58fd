// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/owning_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<u64> insert(OwningMm<> &mm, FreeNode<> memory)
{
#ifdef MISUSE
	FreeNode<> kept = std::move(memory);
#endif
	auto *node = KXX_TRY(mm.insert_node(std::move(memory), 16));

	return node->start();
}
