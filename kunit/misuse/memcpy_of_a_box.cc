// SPDX-License-Identifier: GPL-2.0
// expect: memcpy() of an object that is more than its bytes
#include <kxx/mm/slab.hpp>
#include <kxx/base/string.hpp>

using namespace kxx;

void copy(unsigned char (&bytes)[sizeof(Box<int>)], const Box<int> &number)
{
#ifndef MISUSE
	kxx::memcpy(bytes, &*number, sizeof(*number));
#else
	kxx::memcpy(bytes, &number, sizeof(number));
#endif
}
