// SPDX-License-Identifier: GPL-2.0
// expect: 'set' while context 'atomic' is held
#include <kxx/block/badblocks.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

Result<void> mark(BadBlocks &bad, SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	return bad.set({ .first = 8, .sectors = 8 });
}
