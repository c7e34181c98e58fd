// SPDX-License-Identifier: GPL-2.0
// expect: temporary bound to local reference 'mapping' will be destroyed at the end of the full-expression
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

Result<unsigned long> map(SharedMm<Mapping> &space, FreeNode<Mapping> memory)
{
#ifndef MISUSE
	auto node = KXX_TRY(space.insert_node(std::move(memory), 16));
	Mapping &mapping = *node;
#else
	Mapping &mapping = *KXX_TRY(space.insert_node(std::move(memory), 16));
#endif

	return mapping.pages;
}
