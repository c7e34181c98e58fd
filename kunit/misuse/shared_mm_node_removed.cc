// SPDX-License-Identifier: GPL-2.0
// expect: {aka 'kxx::drm::SharedMm<>::Node'} to 'kxx::drm::Mm<>::Node&&'
// compiler: g++
#include <kxx/mm/shared_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

/* It goes back by itself. */
#ifndef MISUSE
Result<FreeNode<>> free(Mm<> &mm, Node<> node)
#else
Result<FreeNode<>> free(Mm<> &mm, SharedMm<>::Node node)
#endif
{
	return mm.remove_node(std::move(node));
}
