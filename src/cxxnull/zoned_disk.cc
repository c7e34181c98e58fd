// SPDX-License-Identifier: GPL-2.0
/* zoned_disk.cc - a disk with zones: its requests, zone reports and trace events */
#include <kxx/base/string.hpp>

#include "disk.hpp"
#include "zone_trace.h"

using namespace kxx;

namespace cxxnull {

/* Argument @data of Zones::handle() for a memory-backed disk, whose transfers may sleep. */
struct Disk::WithMemory {
	static constexpr bool has_data = true;

	const Disk &disk;

	/* Wait here, not in a work: this write must end before the next write to the zone. */
	WriteResult write(Request &rq) KXX_MAY_SLEEP
	{
		sector_t written = 0;
		BlkStatus status = disk.handle_waiting(rq, &written);

		return { status, written };
	}

	BlkStatus read(Request &rq, sector_t readable) KXX_MAY_SLEEP
	{
		BlkStatus status = disk.handle_waiting(rq);
		u64 left = readable << KXX_SECTOR_SHIFT;

		if (status != BlkStatus::OK || left >= rq.bytes())
			return status;

		/* Sectors from the write pointer on read as 0xff, as in null_blk. */
		auto filled = rq.for_each_segment([&](Segment &segment) -> Result<void> {
			auto mapped = segment.kmap_local();
			u64 size = segment.size();
			u64 keep = smaller(left, size);

			memset(mapped.data() + keep, 0xff, size - keep);
			left -= keep;
			return {};
		});

		return filled ? BlkStatus::OK : errno_to_blk_status(filled.error());
	}

	void discard(sector_t sector, sector_t nr) KXX_MAY_SLEEP
	{
		disk.discard(sector << KXX_SECTOR_SHIFT, nr << KXX_SECTOR_SHIFT);
	}
};

/* Argument @data for a disk without memory, where a write can still touch a bad block. */
struct Disk::WithoutMemory {
	static constexpr bool has_data = false;

	const Disk &disk;
	std::optional<BadRange> bad = std::nullopt;

	WriteResult write(Request &rq)
	{
		if (cxxnull_debug_enabled())
			bad = disk.bad_range(rq);
		if (!bad)
			return BlkStatus::OK;
		return { BlkStatus::IOERR, disk.sectors_before(rq, *bad) };
	}

	void discard(sector_t, sector_t) {}
};

namespace {

void trace(Disk::Request &rq, unsigned int no, ZoneCond cond)
{
	cxxnull_trace_zone_op(rq.disk(), static_cast<unsigned int>(rq.op()), no,
			      static_cast<unsigned int>(cond));
}

/* Writes the events that null_blk writes before it handles a write or a reset of all zones. */
template <typename Locked> void trace_before(Disk::Request &rq, Locked &zones)
{
	const ZoneGeometry &geometry = zones.geometry();

	if (rq.op() == ReqOp::WRITE || rq.op() == ReqOp::ZONE_APPEND) {
		auto no = static_cast<unsigned int>(geometry.zone_no(rq.pos()));

		trace(rq, no, zones.cond(no));
	} else if (rq.op() == ReqOp::ZONE_RESET_ALL) {
		for (unsigned int no = geometry.nr_conv; no < geometry.nr_zones; no++) {
			ZoneCond cond = zones.cond(no);

			if (cond != ZoneCond::EMPTY && cond != ZoneCond::READONLY &&
			    cond != ZoneCond::OFFLINE)
				trace(rq, no, ZoneCond::EMPTY);
		}
	}
}

/* Writes the event that null_blk writes after a request has changed one zone. */
template <typename Locked> void trace_after(Disk::Request &rq, Locked &zones)
{
	switch (rq.op()) {
	case ReqOp::ZONE_OPEN:
	case ReqOp::ZONE_CLOSE:
	case ReqOp::ZONE_FINISH:
	case ReqOp::ZONE_RESET: {
		auto no = static_cast<unsigned int>(zones.geometry().zone_no(rq.pos()));

		trace(rq, no, zones.cond(no));
		break;
	}
	default:
		break;
	}
}

} // namespace

template <typename Locked> BlkStatus Disk::handle_traced(Request &rq, Locked &zones) const
{
	trace_before(rq, zones);

	BlkStatus status = handle_zone(rq, zones);

	if (status == BlkStatus::OK)
		trace_after(rq, zones);
	return status;
}

BlkStatus Disk::handle_zones(Request &rq) const
{
	bool traced = cxxnull_zone_op_enabled();

	if (rq.op() == ReqOp::FLUSH)
		return handle_waiting(rq);
	if (const auto &zones = parts_.zones_with_data)
		return traced ? handle_traced(rq, **zones) : handle_zone(rq, **zones);
	if (const auto &zones = parts_.zones_without_data)
		return traced ? handle_traced(rq, **zones) : handle_zone(rq, **zones);
	return BlkStatus::NOTSUPP;
}

BlkStatus Disk::handle_zone(Request &rq, Zones<Mutex> &zones) const
{
	return zones.handle(rq, WithMemory{ *this });
}

BlkStatus Disk::handle_zone(Request &rq, Zones<SpinLockIrq> &zones) const
{
	WithoutMemory data{ *this };
	BlkStatus status = zones.handle(rq, data);

	/* Call it without the zone's lock, because badblocks_clear() enables interrupts. */
	if (data.bad)
		record_bad(rq, *data.bad);
	if (status == BlkStatus::OK && rq.op() == ReqOp::READ && cxxnull_debug_enabled())
		return handle_waiting(rq);
	return status;
}

Result<void> Disk::report_zones(sector_t sector, unsigned int nr_zones, ZoneReport &report) const
{
	auto report_from = [&](auto &zones) KXX_MAY_SLEEP {
		auto reported = zones.report_zones(sector, nr_zones, report);

		cxxnull_trace_report_zones(report.disk(), report.added());
		return reported;
	};

	if (const auto &zones = parts_.zones_with_data)
		return report_from(**zones);
	if (const auto &zones = parts_.zones_without_data)
		return report_from(**zones);
	return EOPNOTSUPP;
}

Result<void> Disk::set_zone_cond(sector_t sector, ZoneCond cond) const
{
	auto set = [sector, cond](auto &zones, auto data) KXX_MAY_SLEEP {
		auto discard = [&data](sector_t from, sector_t nr)
				       KXX_INHERITS_MAY_SLEEP { data.discard(from, nr); };

		return zones.set_unavailable(sector, cond, discard);
	};

	if (const auto &zones = parts_.zones_with_data)
		return set(**zones, WithMemory{ *this });
	if (const auto &zones = parts_.zones_without_data)
		return set(**zones, WithoutMemory{ *this });
	return EINVAL;
}

} // namespace cxxnull
