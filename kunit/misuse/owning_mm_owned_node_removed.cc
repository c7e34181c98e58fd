// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'kxx::drm::Node<>' to 'kxx::drm::OwningMm<>::Node&'
// compiler: g++
#include <kxx/mm/owning_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

#ifndef MISUSE
Result<FreeNode<>> free(OwningMm<> &mm, MmNode<> &node)
#else
Result<FreeNode<>> free(OwningMm<> &mm, Node<> &node)
#endif
{
	return mm.remove_node(node);
}
