// SPDX-License-Identifier: GPL-2.0
// expect: to 'kxx::drm::Mm<Mapping>::FreeNode&&'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Mapping {
	unsigned long pages = 0;
};

#ifndef MISUSE
Result<Node<Mapping>> insert(Mm<Mapping> &mm, FreeNode<Mapping> memory)
#else
Result<Node<Mapping>> insert(Mm<Mapping> &mm, FreeNode<> memory)
#endif
{
	return mm.insert_node(std::move(memory), 16);
}
