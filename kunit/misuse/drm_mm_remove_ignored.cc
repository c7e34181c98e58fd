// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Result<kxx::Box<kxx::drm::MmNode<
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> free(Mm<> &mm, Node<> node)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(std::move(node)));
#else
	mm.remove_node(std::move(node));
#endif
	return {};
}
