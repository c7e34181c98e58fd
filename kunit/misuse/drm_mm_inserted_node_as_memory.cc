// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'kxx::Box<kxx::drm::MmNode<kxx::drm::NoPayload> >::Box(std::remove_reference<kxx::drm::Node<>&>::type)'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* The memory would be freed with its range in the tree. */
void free(Mm<> &mm, Node<> node)
{
#ifndef MISUSE
	auto removed = mm.remove_node(std::move(node));
#else
	FreeNode<> memory(std::move(node));
#endif
	mm.print();
}
