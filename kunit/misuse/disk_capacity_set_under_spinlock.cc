// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'set_capacity' while context 'atomic' is held
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void grow(GenDisk<Disk> &disk, SpinLock<sector_t> &sectors) KXX_MAY_SLEEP
{
#ifdef MISUSE
	auto guard = sectors.lock();

	disk.set_capacity(*guard);
#else
	sector_t more = *sectors.lock();

	disk.set_capacity(more);
#endif
}
