// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<FreeNode<>> swap(Mm<> &mm, Node<> &node KXX_UNCONSUMED, FreeNode<> memory)
{
#ifdef MISUSE
	auto inserted = mm.insert_node(std::move(memory), 16);
	auto removed = mm.remove_node(KXX_TRY(std::move(inserted)));

#endif
	return mm.replace_node(node, std::move(memory));
}
