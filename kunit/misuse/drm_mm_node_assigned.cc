// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::Node<T, Tag>& kxx::drm::Node<T, Tag>::operator=(kxx::drm::Node<T, Tag>&&)
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Buffer {
	Node<> node;
};

/* What the buffer had would be dropped. */
Result<void> move_to(Mm<> &mm, Buffer &buffer, FreeNode<> memory)
{
#ifndef MISUSE
	auto replaced = KXX_TRY(mm.replace_node(buffer.node, std::move(memory)));
#else
	buffer.node = KXX_TRY(mm.insert_node(std::move(memory), buffer.node.size()));
#endif
	return {};
}
