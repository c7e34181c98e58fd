// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/badblocks.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace badblocks_set_under_spinlock {
Result<void> mark(BadBlocks &bad, SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	return bad.set({ .first = 8, .sectors = 8 });
	// expected-warning@-1 {{'set' while context 'atomic' is held}}
}
} // namespace badblocks_set_under_spinlock
