// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::Node
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void remove(Mm<> &mm, Node<> node)
{
#ifndef MISUSE
	auto removed = mm.remove_node(std::move(node));
#else
	auto removed = mm.remove_node(Node<>(node));
#endif
}
