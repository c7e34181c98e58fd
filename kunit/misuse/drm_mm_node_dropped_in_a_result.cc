// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method '~Result' on object 'inserted' while it is in the 'unconsumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(Node<> node);

Result<void> insert(Mm<> &mm, FreeNode<> memory)
{
	auto inserted = mm.insert_node(std::move(memory), 16);

	if (!inserted)
		return inserted.error();
#ifndef MISUSE
	keep(std::move(inserted).value());
#endif
	return {};
}
