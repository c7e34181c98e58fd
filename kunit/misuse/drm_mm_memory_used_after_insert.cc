// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator*' on object 'memory' while it is in the 'consumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

Result<Node<Mapping>> map(Mm<Mapping> &mm, FreeNode<Mapping> memory, unsigned long pages)
{
#ifndef MISUSE
	(*memory)->pages = pages;
#endif
	auto node = KXX_TRY(mm.insert_node(std::move(memory), pages));

#ifdef MISUSE
	(*memory)->pages = pages;
#endif
	return node;
}
