// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Result<kxx::Box<kxx::drm::MmNode<
// compiler: g++
#include <kxx/mm/owning_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> free(OwningMm<> &mm, MmNode<> &node)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(node));
#else
	mm.remove_node(node);
#endif
	return {};
}
