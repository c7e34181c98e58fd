// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'std::remove_reference<kxx::drm::Node<>&>::type' {aka 'kxx::drm::Node<>'} to 'kxx::drm::Mm<>::FreeNode&&'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<Node<>> grow(Mm<> &mm, Node<> node)
{
	u64 size = node.size() + 1;

#ifndef MISUSE
	return mm.insert_node(KXX_TRY(mm.remove_node(std::move(node))), size);
#else
	return mm.insert_node(std::move(node), size);
#endif
}
