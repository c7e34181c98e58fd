// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator->' on object 'node' while it is in the 'consumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

Result<unsigned long> unmap(Mm<Mapping> &mm, Node<Mapping> node)
{
	auto memory = KXX_TRY(mm.remove_node(std::move(node)));

#ifndef MISUSE
	return (*memory)->pages;
#else
	return node->pages;
#endif
}
