// SPDX-License-Identifier: GPL-2.0
// expect: cannot assign to non-static data member within const member function 'open'
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/mutex.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	Result<void> open(OpenMode mode) const KXX_MAY_SLEEP
	{
#ifndef MISUSE
		*written.lock() = mode.write;
#else
		written = mode.write;
#endif
		return {};
	}

#ifndef MISUSE
	Mutex<bool> written;
#else
	bool written = false;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
}
