// SPDX-License-Identifier: GPL-2.0
// expect: method 'start' on object 'node' while it is in the 'consumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<u64> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	u64 start = node.start();

	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#ifndef MISUSE
	return start;
#else
	return start + node.start();
#endif
}
