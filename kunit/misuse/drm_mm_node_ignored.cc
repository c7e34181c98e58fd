// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::drm::Node
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> probe(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	auto removed = KXX_TRY(mm.remove_node(KXX_TRY(mm.insert_node(std::move(memory), 16))));
#else
	KXX_TRY(mm.insert_node(std::move(memory), 16));
#endif
	return {};
}
