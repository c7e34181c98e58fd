// SPDX-License-Identifier: GPL-2.0
// expect: to 'kxx::drm::Mm<>::Node&&'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* Its owner would not know. */
#ifndef MISUSE
Result<FreeNode<>> free(Mm<> &mm, Node<> node)
#else
Result<FreeNode<>> free(Mm<> &mm, MmNode<> &node)
#endif
{
	return mm.remove_node(std::move(node));
}
