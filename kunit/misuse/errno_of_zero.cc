// SPDX-License-Identifier: GPL-2.0
// expect: from_errno() of what is not an error
#include <kxx/mm/slab.hpp>

using namespace kxx;

Result<Box<int>> make(bool broken)
{
	if (broken)
#ifndef MISUSE
		return EIO;
#else
		return Errno::from_errno(0);
#endif
	return Box<int>::make(GFP_ATOMIC, 1);
}
