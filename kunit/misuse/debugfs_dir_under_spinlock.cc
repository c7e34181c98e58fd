// SPDX-License-Identifier: GPL-2.0
// expect: DebugfsDir' while context 'atomic' is held
#include <kxx/fs/debugfs.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

void show(SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	DebugfsDir dir("disks");
}
