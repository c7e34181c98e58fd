// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/fs/debugfs.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace debugfs_dir_under_spinlock {
void show(SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	DebugfsDir dir("disks"); // expected-warning {{DebugfsDir' while context 'atomic' is held}}
} // expected-warning {{DebugfsDir' while context 'atomic' is held}}
} // namespace debugfs_dir_under_spinlock
