// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "zones.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

constexpr unsigned int mb_to_sectors_shift = 20 - KXX_SECTOR_SHIFT;

/* Largest zone: 2^31 sectors, because the block layer has its size as an unsigned int. */
constexpr unsigned long max_zone_size = 1ul << (31 - mb_to_sectors_shift);

Result<void> validate_geometry(const Config &p)
{
	if (!is_power_of_two(p.zone_size) || p.zone_size > max_zone_size || p.zone_size > p.size) {
		pr_err("zone_size=%lu: must be a power of two from 1 to %lu, and at most the "
		       "disk's size, %lu MB\n",
		       p.zone_size, max_zone_size, p.size);
		return EINVAL;
	}
	if (p.zone_capacity > p.zone_size) {
		pr_err("zone_capacity=%lu: must be from 1 to zone_size, %lu MB, or 0 for that\n",
		       p.zone_capacity, p.zone_size);
		return EINVAL;
	}
	/* Refuse a lower capacity with a smaller last zone, as null_blk: no real disk has both. */
	if (p.zone_capacity && p.zone_capacity != p.zone_size && p.size % p.zone_size) {
		pr_err("zone_capacity=%lu: must be 0 or zone_size, %lu MB, unless the disk's size, "
		       "%lu MB, is a multiple of zone_size\n",
		       p.zone_capacity, p.zone_size, p.size);
		return EINVAL;
	}
	/* Larger disks wrap around (capacity_of()), so their zones would not be those of the disk. */
	if (p.size >> 44) {
		pr_err("size=%lu: a zoned disk must be smaller than 2^44 MB\n", p.size);
		return EINVAL;
	}
	if (p.size > u64{ p.zone_size } << 31) {
		pr_err("zone_size=%lu: a disk of %lu MB would have more than 2^31 zones\n",
		       p.zone_size, p.size);
		return EINVAL;
	}
	return {};
}

} // namespace

/* Copies the limits. A limit that cannot be reached is changed to 0, no limit, as in null_blk. */
void ZoneGeometry::limit(const Config &config)
{
	unsigned int sequential = nr_zones - nr_conv;

	max_active = config.zone_max_active;
	max_open = config.zone_max_open;
	if (max_active >= sequential) {
		pr_info("zone_max_active=%u: changed to 0, no limit: there are only %u sequential "
			"zones\n",
			max_active, sequential);
		max_active = 0;
	}
	if (max_active && max_open > max_active) {
		pr_info("zone_max_open=%u: changed to zone_max_active, %u\n", max_open, max_active);
		max_open = max_active;
	} else if (max_open >= sequential) {
		pr_info("zone_max_open=%u: changed to 0, no limit: there are only %u sequential "
			"zones\n",
			max_open, sequential);
		max_open = 0;
	}
}

Result<ZoneGeometry> ZoneGeometry::make(const Config &config)
{
	ZoneGeometry made;

	KXX_TRY(validate_geometry(config));
	made.zone_shift_ = __builtin_ctzl(config.zone_size) + mb_to_sectors_shift;
	made.disk_sectors_ = config.size << mb_to_sectors_shift;
	made.zone_capacity_ =
		sector_t{ config.zone_capacity ? config.zone_capacity : config.zone_size }
		<< mb_to_sectors_shift;
	made.nr_zones =
		static_cast<unsigned int>((config.size + config.zone_size - 1) / config.zone_size);
	made.full = config.zone_full;

	made.nr_conv = config.zone_nr_conv;
	if (made.nr_conv >= made.nr_zones) {
		made.nr_conv = made.nr_zones - 1;
		pr_info("zone_nr_conv=%u: changed to %u, there are %u zones\n", config.zone_nr_conv,
			made.nr_conv, made.nr_zones);
	}
	made.limit(config);

	unsigned int append = config.zone_append_max_sectors;

	/* Round as ALIGN_DOWN() does, which gives 0 for a block size below 512. */
	append &= -(config.blocksize >> KXX_SECTOR_SHIFT);
	made.append_max_sectors = append < made.zone_capacity_
					  ? append
					  : static_cast<unsigned int>(made.zone_capacity_);
	return made;
}

void ZoneGeometry::set_limits(QueueLimits &limits) const
{
	limits.zoned = true;
	limits.chunk_sectors = 1u << zone_shift_;
	limits.max_open_zones = max_open;
	limits.max_active_zones = max_active;
	limits.max_zone_append_sectors = append_max_sectors;
}

unsigned int *ZoneCounts::counter(ZoneCond cond)
{
	switch (cond) {
	case ZoneCond::IMP_OPEN:
		return &imp_open_;
	case ZoneCond::EXP_OPEN:
		return &exp_open_;
	case ZoneCond::CLOSED:
		return &closed_;
	default:
		return nullptr;
	}
}

void ZoneCounts::move(unsigned int no, ZoneCond to)
{
	if (unsigned int *left = counter(conditions_[no].get()))
		--*left;
	if (unsigned int *entered = counter(to))
		++*entered;
	conditions_[no].set(to);
}

bool ZoneCounts::may_activate() const
{
	return !geometry_.max_active || imp_open_ + exp_open_ + closed_ < geometry_.max_active;
}

bool ZoneCounts::may_open()
{
	if (!geometry_.max_open || imp_open_ + exp_open_ < geometry_.max_open)
		return true;
	/* Close no zone while the limit of active zones is reached, as in null_blk. */
	if (!imp_open_ || !may_activate())
		return false;
	close_one();
	return true;
}

void ZoneCounts::close_one()
{
	for (unsigned int i = geometry_.nr_conv; i < geometry_.nr_zones; i++) {
		unsigned int no = next_to_close_;

		next_to_close_ = no + 1 < geometry_.nr_zones ? no + 1 : geometry_.nr_conv;
		if (conditions_[no].get() == ZoneCond::IMP_OPEN) {
			move(no, conditions_[no].written ? ZoneCond::CLOSED : ZoneCond::EMPTY);
			return;
		}
	}
}

BlkStatus ZoneCounts::make_room(unsigned int no)
{
	if (conditions_[no].get() == ZoneCond::EMPTY && !may_activate())
		return BlkStatus::ZONE_ACTIVE_RESOURCE;
	return may_open() ? BlkStatus::OK : BlkStatus::ZONE_OPEN_RESOURCE;
}

BlkStatus ZoneCounts::begin_write(unsigned int no)
{
	if (!conditions_[no].is_open()) {
		BlkStatus room = make_room(no);

		if (room != BlkStatus::OK)
			return room;
		move(no, ZoneCond::IMP_OPEN);
	}
	conditions_[no].written = true;
	return BlkStatus::OK;
}

void ZoneCounts::abort_write(unsigned int no)
{
	conditions_[no].written = false;
	/* may_open() has closed this zone meanwhile, to open another zone. */
	if (conditions_[no].get() == ZoneCond::CLOSED)
		move(no, ZoneCond::EMPTY);
}

BlkStatus ZoneCounts::open(unsigned int no)
{
	BlkStatus room = BlkStatus::OK;

	switch (conditions_[no].get()) {
	case ZoneCond::EXP_OPEN:
		return BlkStatus::OK;
	case ZoneCond::IMP_OPEN:
		break;
	case ZoneCond::EMPTY:
	case ZoneCond::CLOSED:
		room = make_room(no);
		break;
	default:
		return BlkStatus::IOERR;
	}
	if (room == BlkStatus::OK)
		move(no, ZoneCond::EXP_OPEN);
	return room;
}

BlkStatus ZoneCounts::manage(ReqOp op, unsigned int no)
{
	ZoneCond cond = conditions_[no].get();
	BlkStatus room = BlkStatus::OK;

	switch (op) {
	case ReqOp::ZONE_OPEN:
		return open(no);
	case ReqOp::ZONE_CLOSE:
		if (cond == ZoneCond::CLOSED)
			return BlkStatus::OK;
		if (!conditions_[no].is_open())
			return BlkStatus::IOERR;
		move(no, conditions_[no].written ? ZoneCond::CLOSED : ZoneCond::EMPTY);
		return BlkStatus::OK;
	case ReqOp::ZONE_FINISH:
		/* Finishing opens the zone for a moment, so the limits must allow that. */
		if (cond == ZoneCond::EMPTY || cond == ZoneCond::CLOSED)
			room = make_room(no);
		if (room == BlkStatus::OK)
			move(no, ZoneCond::FULL);
		return room;
	default:
		return BlkStatus::NOTSUPP;
	}
}

void ZoneCounts::reset(unsigned int no)
{
	move(no, ZoneCond::EMPTY);
	conditions_[no].written = false;
}

Result<unsigned int> sequential_zone_no(const ZoneGeometry &geometry, sector_t sector,
					ZoneCond cond)
{
	const char *attribute = cond == ZoneCond::READONLY ? "zone_readonly" : "zone_offline";
	u64 no = geometry.zone_no(sector);

	/* Like null_blk, accept sectors past the disk if the last zone is smaller. */
	if (no >= geometry.nr_conv && no < geometry.nr_zones)
		return static_cast<unsigned int>(no);
	pr_err("%s=%llu: must be a sector of a sequential zone, from %llu to %llu\n", attribute,
	       sector, geometry.start(geometry.nr_conv), geometry.start(geometry.nr_zones) - 1);
	return EINVAL;
}

} // namespace cxxnull
