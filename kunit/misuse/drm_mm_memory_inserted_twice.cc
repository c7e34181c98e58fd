// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> probe(Mm<> &mm, FreeNode<> memory, [[maybe_unused]] FreeNode<> more)
{
	auto first = mm.insert_node(std::move(memory), 16);
#ifndef MISUSE
	auto second = mm.insert_node(std::move(more), 16);
#else
	auto second = mm.insert_node(std::move(memory), 16);
#endif

	auto removed = mm.remove_node(KXX_TRY(std::move(first)));
	auto removed_too = mm.remove_node(KXX_TRY(std::move(second)));

	return {};
}
