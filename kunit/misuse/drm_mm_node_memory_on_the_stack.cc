// SPDX-License-Identifier: GPL-2.0
// expect: {aka 'kxx::drm::MmNode<kxx::drm::NoPayload>'} to 'kxx::drm::Mm<>::FreeNode&&'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<Node<>> insert(Mm<> &mm)
{
#ifndef MISUSE
	auto memory = KXX_TRY(FreeNode<>::make(GFP_ATOMIC));
#else
	MmNode<> memory;
#endif

	return mm.insert_node(std::move(memory), 16);
}
