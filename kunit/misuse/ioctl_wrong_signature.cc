// SPDX-License-Identifier: GPL-2.0
// expect: ioctl must be: Result<int> ioctl(unsigned int cmd, unsigned long arg)
// compiler: g++
#include <kxx/block/blkdev.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<int> ioctl(unsigned int cmd, unsigned long arg) const;
#else
	int ioctl(unsigned int cmd, unsigned long arg) const;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
}
