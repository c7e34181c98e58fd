// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<FreeNode<>> swap(Mm<> &mm, Node<> node, FreeNode<> memory)
{
#ifndef MISUSE
	auto replaced = KXX_TRY(mm.replace_node(node, std::move(memory)));
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#else
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
	auto replaced = KXX_TRY(mm.replace_node(node, std::move(memory)));
#endif

	return replaced;
}
