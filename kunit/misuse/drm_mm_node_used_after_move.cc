// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'size' on object 'node' while it is in the 'consumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(Node<> node);

u64 insert(Node<> node)
{
#ifndef MISUSE
	u64 size = node.size();

	keep(std::move(node));
	return size;
#else
	keep(std::move(node));
	return node.size();
#endif
}
