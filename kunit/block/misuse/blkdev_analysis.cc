// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/base/sprintf.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace disk_capacity_set_under_spinlock {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<void> grow(GenDisk<Disk> &disk, SpinLock<sector_t> &sectors) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = sectors.lock();

	return disk.set_capacity(*guard);
	// expected-warning@-1 {{cannot call function 'set_capacity' while context 'atomic' is held}}
#else
	sector_t more = *sectors.lock();

	return disk.set_capacity(more);
#endif
}
} // namespace disk_capacity_set_under_spinlock

namespace disk_deleted_under_spinlock {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void remove(GenDisk<Disk> disk, SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	auto deleted = std::move(disk);
} // expected-warning {{cannot call function '~GenDisk' while context 'atomic' is held}}
} // namespace disk_deleted_under_spinlock

namespace major_name_local {
Result<BlockMajor> make([[maybe_unused]] int number) KXX_MAY_SLEEP
{
#ifndef MISUSE
	return BlockMajor::make("disk");
#else
	char name[16];

	scnprintf(name, sizeof(name), "disk%d", number);
	return BlockMajor::make(name);
	// expected-warning@-1 {{address of stack memory associated with local variable 'name' returned}}
#endif
}
} // namespace major_name_local

namespace major_unregistered_under_spinlock {
void give(BlockMajor major, SpinLock<int> &lock) KXX_MAY_SLEEP
{
#ifndef MISUSE
	*lock.lock() = 1;
#else
	auto guard = lock.lock();
#endif
	auto unregistered = std::move(major);
} // expected-warning {{cannot call function '~BlockMajor' while context 'atomic' is held}}
} // namespace major_unregistered_under_spinlock
