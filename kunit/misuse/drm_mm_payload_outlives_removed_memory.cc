// SPDX-License-Identifier: GPL-2.0
// expect: temporary bound to local reference 'mapping' will be destroyed at the end of the full-expression
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

Result<unsigned long> unmap(Mm<Mapping> &mm, Node<Mapping> node)
{
#ifndef MISUSE
	auto memory = KXX_TRY(mm.remove_node(std::move(node)));
	Mapping &mapping = **memory;
#else
	Mapping &mapping = **KXX_TRY(mm.remove_node(std::move(node)));
#endif

	return mapping.pages;
}
