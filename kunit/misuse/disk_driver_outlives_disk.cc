// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/block/blkdev.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;

	int index = 0;
};

int remove(GenDisk<Disk> disk)
{
	const Disk &driver = disk.driver();
#ifndef MISUSE
	int index = driver.index;

	{
		auto gone = std::move(disk);
	}
	return index;
#else
	{
		auto gone = std::move(disk);
	}
	return driver.index;
#endif
}
