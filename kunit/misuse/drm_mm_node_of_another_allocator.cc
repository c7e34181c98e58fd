// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'std::remove_reference<kxx::drm::Node<kxx::drm::NoPayload, Heap>&>::type' {aka 'kxx::drm::Node<kxx::drm::NoPayload, Heap>'} to 'kxx::drm::Mm<kxx::drm::NoPayload, Ring>::Node&&'
// compiler: g++
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

struct Ring;
struct Heap;

#ifndef MISUSE
Result<FreeNode<>> free(Mm<NoPayload, Ring> &ring, Node<NoPayload, Ring> node)
#else
Result<FreeNode<>> free(Mm<NoPayload, Ring> &ring, Node<NoPayload, Heap> node)
#endif
{
	return ring.remove_node(std::move(node));
}
