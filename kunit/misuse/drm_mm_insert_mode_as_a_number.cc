// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'int' to 'kxx::drm::MmInsertMode'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<Node<>> insert(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	return mm.insert_node_generic(std::move(memory), 16, 0, 0, MmInsertMode::HIGH);
#else
	return mm.insert_node_generic(std::move(memory), 16, 0, 0, 2);
#endif
}
