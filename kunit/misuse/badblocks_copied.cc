// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'BadBlocks'
#include <kxx/block/badblocks.hpp>

using namespace kxx;

bool is_bad(BadBlocks &bad)
{
#ifndef MISUSE
	return bad.check(0, 8).has_value();
#else
	BadBlocks copy(bad);

	return copy.check(0, 8).has_value();
#endif
}
