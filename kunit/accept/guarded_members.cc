// SPDX-License-Identifier: GPL-2.0
/* Members with KXX_GUARDED_BY() are accessible under any kind of guard of their lock. */
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Nothing {};

struct Disk {
	SpinLock<Nothing> lock;
	unsigned long reads KXX_GUARDED_BY(lock) = 0;
	Mutex<Nothing> mutex;
	unsigned long opened KXX_GUARDED_BY(mutex) = 0;
};

void count(Disk &disk)
{
	auto guard = disk.lock.lock();

	disk.reads++;
}

bool try_count(Disk &disk)
{
	auto guard = disk.lock.try_lock();

	if (!guard)
		return false;
	disk.reads++;
	return true;
}

Result<void> open(Disk &disk) KXX_MAY_SLEEP
{
	auto guard = disk.mutex.lock_interruptible();

	if (!guard)
		return EINTR;
	disk.opened++;
	return {};
}
