// SPDX-License-Identifier: GPL-2.0
// expect: method '~Node' on object 'first' while it is in the 'unconsumed' state
#include <kxx/mm/drm_mm.hpp>

using namespace kxx;
using namespace kxx::drm;

void keep(Node<> node);

Result<void> insert(Mm<> &mm, FreeNode<> one, FreeNode<> other)
{
	auto first = KXX_TRY(mm.insert_node(std::move(one), 16));
#ifndef MISUSE
	auto second = mm.insert_node(std::move(other), 16);

	keep(std::move(first));
	keep(KXX_TRY(std::move(second)));
#else
	keep(KXX_TRY(mm.insert_node(std::move(other), 16)));
	keep(std::move(first));
#endif
	return {};
}
