// SPDX-License-Identifier: GPL-2.0
// expect: report_zones must be: Result<unsigned int> report_zones
// compiler: g++
#include <kxx/block/blkdev.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<unsigned int> report_zones(sector_t sector, unsigned int nr,
					  ZoneReport &report) const;
#else
	Result<void> report_zones(sector_t sector, unsigned int nr, ZoneReport &report) const;
#endif
};

Result<GenDisk<Disk>> add(Box<Disk> driver, ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
	return GenDisk<Disk>::add(std::move(driver), std::move(tags), {});
}
