/* SPDX-License-Identifier: GPL-2.0 */
/* zones.hpp - zoned disks and a user of them, for the suites of src/cxxnull/zones.hpp */
#pragma once

#include <kxx/base/string.hpp>

#include "../../src/cxxnull/zones.hpp"
#include "../block/disks.hpp"
#include "../kunit.hpp"

namespace zoned {

using namespace kxx;
using cxxnull::ZoneGeometry;
using ZoneParameters = cxxnull::Config;
using cxxnull::Zones;

inline constexpr unsigned int page_size = disks::page_size;
inline constexpr sector_t page_sectors = page_size >> KXX_SECTOR_SHIFT;
inline constexpr sector_t mib = 1 << (20 - KXX_SECTOR_SHIFT);

/* The data of a disk. */
struct Memory {
	static constexpr bool has_data = true;

	unsigned char *bytes;
	bool full;

	template <typename Request> BlkStatus write(Request &rq) KXX_MAY_SLEEP
	{
		u64 offset = rq.pos() << KXX_SECTOR_SHIFT;

		if (full)
			return BlkStatus::NOSPC;
		static_cast<void>(rq.for_each_segment([&](Segment &segment) -> Result<void> {
			auto mapped = segment.kmap_local();

			memcpy(bytes + offset, mapped.data(), segment.size());
			offset += segment.size();
			return {};
		}));
		return BlkStatus::OK;
	}

	template <typename Request> BlkStatus read(Request &rq, sector_t readable) KXX_MAY_SLEEP
	{
		u64 offset = rq.pos() << KXX_SECTOR_SHIFT;
		u64 end = offset + (readable << KXX_SECTOR_SHIFT);

		static_cast<void>(rq.for_each_segment([&](Segment &segment) -> Result<void> {
			auto mapped = segment.kmap_local();

			for (unsigned int i = 0; i < segment.size(); i++, offset++)
				mapped.data()[i] = offset < end ? bytes[offset] : 0xff;
			return {};
		}));
		return BlkStatus::OK;
	}

	void discard(sector_t sector, sector_t nr) KXX_MAY_SLEEP
	{
		memset(bytes + (sector << KXX_SECTOR_SHIFT), 0, nr << KXX_SECTOR_SHIFT);
	}
};

/* Stands in for Memory in a disk without data. */
struct NoData {
	static constexpr bool has_data = false;

	template <typename Request> BlkStatus write(Request &) { return BlkStatus::OK; }
	void discard(sector_t, sector_t) {}
};

/* A zoned disk with data; Bare is one without. */
class Backed {
public:
	using DiskZones = Zones<Mutex>;
	static constexpr bool has_data = true;

	Backed(Box<DiskZones> made, Box<unsigned char[]> bytes)
		: zones(std::move(made)), bytes_(std::move(bytes))
	{
	}

	QueueStatus queue_rq(Owned<Request<Backed>> rq) const KXX_MAY_SLEEP
	{
		rq.start();
		rq.end(zones->handle(*rq, memory()));
		return QueueStatus::ok();
	}

	Result<void> report_zones(sector_t sector, unsigned int nr,
				  ZoneReport &report) const KXX_MAY_SLEEP
	{
		return zones->report_zones(sector, nr, report);
	}

	Memory memory() const { return { &bytes_[0], full }; }

	Box<DiskZones> zones;
	disks::Seen<bool> full = false;

private:
	Box<unsigned char[]> bytes_;
};

class Bare {
public:
	using DiskZones = Zones<SpinLockIrq>;
	static constexpr bool has_data = false;

	Bare(Box<DiskZones> made, Box<unsigned char[]>) : zones(std::move(made)) {}

	QueueStatus queue_rq(Owned<Request<Bare>> rq) const KXX_MAY_SLEEP
	{
		rq.start();
		rq.end(zones->handle(*rq, memory()));
		return QueueStatus::ok();
	}

	Result<void> report_zones(sector_t sector, unsigned int nr,
				  ZoneReport &report) const KXX_MAY_SLEEP
	{
		return zones->report_zones(sector, nr, report);
	}

	NoData memory() const { return {}; }

	Box<DiskZones> zones;
};

template <typename Driver>
Result<GenDisk<Driver>> make(const ZoneParameters &parameters) KXX_MAY_SLEEP
{
	auto geometry = KXX_TRY(ZoneGeometry::make(parameters));
	auto zones = KXX_TRY(Driver::DiskZones::make(geometry));
	auto bytes = KXX_TRY(Box<unsigned char[]>::make(
		GFP_KERNEL, Driver::has_data ? parameters.size << 20 : 1));
	auto tags = KXX_TRY(TagSet<Driver>::make({ .blocking = Driver::has_data }));
	auto driver = KXX_TRY(Box<Driver>::make(GFP_KERNEL, std::move(zones), std::move(bytes)));
	DiskParameters disk = { .prefix = "kxxtest", .capacity = parameters.size * mib };

	geometry.set_limits(disk.limits);
	return GenDisk<Driver>::add(std::move(driver), std::move(tags), disk);
}

/* Accesses a disk through bios. Methods return 0 or an errno unless stated otherwise. */
class User {
public:
	static Result<User> make(struct gendisk *disk, unsigned int zone_mib = 1) KXX_MAY_SLEEP
	{
		return User(disk, zone_mib * mib, KXX_TRY(Box<disks::Page>::make(GFP_KERNEL)));
	}

	int op(ReqOp op, unsigned int zone) KXX_MAY_SLEEP
	{
		return kxx_test_op(disk_, static_cast<unsigned int>(op), zone * zone_sectors_, 0);
	}

	/** write - Writes a page of @byte, @offset sectors into the zone */
	int write(unsigned int zone, sector_t offset, int byte = 1) KXX_MAY_SLEEP
	{
		memset(page_->bytes, byte, page_size);
		return kxx_test_bio(disk_, KXX_REQ_OP_WRITE, zone * zone_sectors_ + offset,
				    page_->bytes, page_size);
	}

	/** append - Appends a page of @byte; @offset is its position in the zone */
	int append(unsigned int zone, sector_t &offset, int byte = 1) KXX_MAY_SLEEP
	{
		sector_t written = 0;

		memset(page_->bytes, byte, page_size);
		int err = kxx_test_append(disk_, zone * zone_sectors_, page_->bytes, page_size,
					  &written);
		offset = written - zone * zone_sectors_;
		return err;
	}

	/** read - Reads a page. Returns the byte that fills all of it, or a negative number */
	int read(unsigned int zone, sector_t offset) KXX_MAY_SLEEP
	{
		memset(page_->bytes, 0x55, page_size);
		int err = kxx_test_bio(disk_, KXX_REQ_OP_READ, zone * zone_sectors_ + offset,
				       page_->bytes, page_size);

		if (err)
			return err;
		for (unsigned char byte : page_->bytes)
			if (byte != page_->bytes[0])
				return -1;
		return page_->bytes[0];
	}

	struct kxx_test_zone zone(unsigned int zone) KXX_MAY_SLEEP
	{
		struct kxx_test_zone reported = {};

		if (kxx_test_zone(disk_, zone * zone_sectors_, &reported))
			reported.cond = ~0u;
		else if (reported.wp != ~sector_t{ 0 })
			reported.wp -= zone * zone_sectors_;
		return reported;
	}
	ZoneCond cond(unsigned int zone) KXX_MAY_SLEEP
	{
		unsigned int reported = this->zone(zone).cond;

		/* NOT_WP stands for an error, since no sequential zone has that condition. */
		return reported == ~0u ? ZoneCond::NOT_WP : static_cast<ZoneCond>(reported);
	}

private:
	User(struct gendisk *disk, sector_t zone_sectors, Box<disks::Page> page)
		: disk_(disk), zone_sectors_(zone_sectors), page_(std::move(page))
	{
	}

	struct gendisk *disk_;
	sector_t zone_sectors_;
	Box<disks::Page> page_;
};

inline constexpr int eio = -KXX_EIO;

/* Defines a disk and its user, or fails the case. */
#define MAKE_DISK(Driver, ...)                                                                     \
	auto disk = KUNIT_ASSERT_VALUE(test, make<Driver>(__VA_ARGS__));                           \
	auto user = KUNIT_ASSERT_VALUE(test, User::make(disk.raw()));                              \
	[[maybe_unused]] auto &zones = *disk.driver().zones

inline auto discard_of(const Backed &driver)
{
	return [&driver](sector_t sector, sector_t nr)
		       KXX_MAY_SLEEP { driver.memory().discard(sector, nr); };
}
inline auto discard_of(const Bare &)
{
	return [](sector_t, sector_t) {};
}

inline constexpr ZoneParameters five = { .size = 5, .zone_size = 1 };
inline constexpr ZoneParameters limited = {
	.size = 5,
	.zone_size = 1,
	.zone_max_open = 2,
	.zone_max_active = 3,
};

} // namespace zoned
