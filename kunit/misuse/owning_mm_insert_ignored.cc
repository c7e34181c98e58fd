// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::Result<kxx::drm::MmNode<kxx::drm::NoPayload>*>'
// compiler: g++
#include <kxx/mm/owning_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<void> insert(OwningMm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	KXX_TRY(mm.insert_node(std::move(memory), 16));
#else
	mm.insert_node(std::move(memory), 16);
#endif
	return {};
}
