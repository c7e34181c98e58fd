// SPDX-License-Identifier: GPL-2.0
// expect: open must be: Result<void> open(OpenMode)
// compiler: g++
#include <kxx/block/blkdev.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<void> open(OpenMode mode) const;
#else
	int open(OpenMode mode) const;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
}
