// SPDX-License-Identifier: GPL-2.0
// expect: nobody else frees the object
#include <kxx/mm/slab.hpp>

using namespace kxx;

int *give_up(Box<int> number)
{
#ifndef MISUSE
	return std::move(number).into_raw();
#else
	std::move(number).into_raw();
	return nullptr;
#endif
}
