// SPDX-License-Identifier: GPL-2.0
// expect: passing 'const kxx::drm::Mm<>' as 'this' argument discards qualifiers
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
Result<FreeNode<>> free(Mm<> &mm, Node<> node)
#else
Result<FreeNode<>> free(const Mm<> &mm, Node<> node)
#endif
{
	return mm.remove_node(std::move(node));
}
