// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value
#include <kxx/block/badblocks.hpp>

using namespace kxx;

Result<void> mark(BadBlocks &bad) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return bad.set({ .first = 8, .sectors = 8 });
#else
	bad.set({ .first = 8, .sectors = 8 });
	return {};
#endif
}
