// SPDX-License-Identifier: GPL-2.0
// expect: calling a private constructor of class 'kxx::BadBlocks'
#include <kxx/block/badblocks.hpp>

using namespace kxx;

Result<void> use() KXX_MAY_SLEEP
{
#ifndef MISUSE
	auto bad = KXX_TRY(BadBlocks::make());

	return bad->set({ .first = 8, .sectors = 8 });
#else
	BadBlocks bad;

	return bad.set({ .first = 8, .sectors = 8 });
#endif
}
