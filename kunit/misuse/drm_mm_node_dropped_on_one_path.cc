// SPDX-License-Identifier: GPL-2.0
// expect: method '~Node' on object 'node' while it is in the 'unconsumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));

	if (node.start() > 100) {
#ifndef MISUSE
		auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#endif
		return ENOSPC;
	}
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
	return {};
}
