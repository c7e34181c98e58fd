// SPDX-License-Identifier: GPL-2.0
// expect: Node(kxx::drm::MmNode<T>&) [with T = kxx::drm::NoPayload; Tag = void]' is private within this context
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

Result<Node<>> insert(Mm<> &mm, FreeNode<> memory)
{
#ifndef MISUSE
	return mm.insert_node(std::move(memory), 16);
#else
	mm.print();
	return Node<>(*memory);
#endif
}
