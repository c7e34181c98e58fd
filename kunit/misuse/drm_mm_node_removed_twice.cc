// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> probe(Mm<> &mm) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode<>::make(GFP_KERNEL));
	auto node = KXX_TRY(mm.insert_node(std::move(memory), 16));
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));

#ifdef MISUSE
	auto again = KXX_TRY(mm.remove_node(std::move(node)));
#endif
	return {};
}
