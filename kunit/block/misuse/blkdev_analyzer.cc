// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's static analyzer must find; checked by scripts/tests/misuse.
#include <kxx/block/blkdev.hpp>

using namespace kxx;

namespace disk_driver_outlives_disk {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;

	int index = 0;
};

int remove(GenDisk<Disk> disk) KXX_MAY_SLEEP
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
	return driver.index; // expected-warning {{Use of memory after it is}}
#endif
}
} // namespace disk_driver_outlives_disk
