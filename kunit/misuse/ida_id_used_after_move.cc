// SPDX-License-Identifier: GPL-2.0
// expect: while it is in the 'consumed' state
#include <utility>

#include <kxx/base/idr.hpp>

using namespace kxx;

void keep(Ida::Id id);

unsigned int number(Ida::Id id)
{
#ifndef MISUSE
	return id.number();
#else
	keep(std::move(id));
	return id.number();
#endif
}
