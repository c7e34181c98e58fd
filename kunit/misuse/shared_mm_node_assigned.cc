// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::drm::SharedMm<T, Lock, Tag>::Node& kxx::drm::SharedMm<T, Lock, Tag>::Node::operator=(kxx::drm::SharedMm<T, Lock, Tag>::Node&&)
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Buffer {
	explicit Buffer(SharedMm<>::Node node) : node(std::move(node)) {}

	SharedMm<>::Node node;
};

Buffer fill(Buffer buffer, SharedMm<>::Node node)
{
#ifndef MISUSE
	return buffer.node.size() < node.size() ? Buffer(std::move(node)) : std::move(buffer);
#else
	buffer.node = std::move(node);
	return buffer;
#endif
}
