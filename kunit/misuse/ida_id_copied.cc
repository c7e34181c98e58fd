// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of
#include <kxx/base/idr.hpp>

using namespace kxx;

unsigned int number(Ida::Id &id)
{
#ifndef MISUSE
	return id.number();
#else
	Ida::Id copy(id);

	return copy.number();
#endif
}
