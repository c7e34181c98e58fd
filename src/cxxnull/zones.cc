// SPDX-License-Identifier: GPL-2.0
#include "params.h"
#define pr_fmt(fmt) CXXNULL_NAME ": " fmt

#include <kxx/base/printk.hpp>

#include "zones.hpp"

using namespace kxx;

namespace cxxnull {

namespace {

constexpr unsigned int mb_to_sectors_shift = 20 - KXX_SECTOR_SHIFT;

/* A zone is at most 2^31 sectors: the block layer has its size as an unsigned int. */
constexpr unsigned long max_zone_size = 1ul << (31 - mb_to_sectors_shift);

constexpr bool is_power_of_two(unsigned long n)
{
	return n && !(n & (n - 1));
}

} // namespace

Result<void> ZoneGeometry::validate(const ZoneParameters &parameters) const
{
	auto &p = parameters;

	if (!is_power_of_two(p.zone_size) || p.zone_size > max_zone_size || p.zone_size > p.size) {
		pr_err("zone_size=%lu: must be a power of two from 1 to %lu, and at most the "
		       "disk's size, %llu MB\n",
		       p.zone_size, max_zone_size, static_cast<unsigned long long>(p.size));
		return EINVAL;
	}
	if (p.zone_capacity > p.zone_size) {
		pr_err("zone_capacity=%lu: must be from 1 to zone_size, %lu MB, or 0 for that\n",
		       p.zone_capacity, p.zone_size);
		return EINVAL;
	}
	/* As no real disk has it, says null_blk. */
	if (p.zone_capacity && p.zone_capacity != p.zone_size && p.size % p.zone_size) {
		pr_err("zone_capacity=%lu: must be 0 or zone_size, %lu MB, for a disk that is no "
		       "multiple of that, %llu MB\n",
		       p.zone_capacity, p.zone_size, static_cast<unsigned long long>(p.size));
		return EINVAL;
	}
	if (p.size > u64{ p.zone_size } << 31) {
		pr_err("zone_size=%lu: must make at most 2^31 zones of %llu MB\n", p.zone_size,
		       static_cast<unsigned long long>(p.size));
		return EINVAL;
	}
	return {};
}

/* Limits that cannot be reached are none, and need not be counted for. */
void ZoneGeometry::limit(const ZoneParameters &parameters)
{
	unsigned int sequential = nr_zones_ - nr_conv_;

	max_active_ = parameters.zone_max_active;
	max_open_ = parameters.zone_max_open;
	if (max_active_ >= sequential) {
		pr_info("zone_max_active=%u: no limit, there are %u sequential zones\n",
			max_active_, sequential);
		max_active_ = 0;
	}
	if (max_active_ && max_open_ > max_active_) {
		pr_info("zone_max_open=%u: changed to zone_max_active, %u\n", max_open_,
			max_active_);
		max_open_ = max_active_;
	} else if (max_open_ >= sequential) {
		pr_info("zone_max_open=%u: no limit, there are %u sequential zones\n", max_open_,
			sequential);
		max_open_ = 0;
	}
}

Result<ZoneGeometry> ZoneGeometry::make(const ZoneParameters &parameters)
{
	ZoneGeometry made;

	KXX_TRY(made.validate(parameters));
	made.zone_shift_ = __builtin_ctzl(parameters.zone_size) + mb_to_sectors_shift;
	made.disk_sectors_ = parameters.size << mb_to_sectors_shift;
	made.zone_capacity_ = sector_t{
		parameters.zone_capacity ? parameters.zone_capacity : parameters.zone_size
	} << mb_to_sectors_shift;
	made.nr_zones_ = static_cast<unsigned int>((parameters.size + parameters.zone_size - 1) /
						   parameters.zone_size);
	made.full_ = parameters.zone_full;

	made.nr_conv_ = parameters.zone_nr_conv;
	if (made.nr_conv_ >= made.nr_zones_) {
		made.nr_conv_ = made.nr_zones_ - 1;
		pr_info("zone_nr_conv=%u: changed to %u, there are %u zones\n",
			parameters.zone_nr_conv, made.nr_conv_, made.nr_zones_);
	}
	made.limit(parameters);

	unsigned int append = parameters.zone_append_max_sectors;

	append -= append % (parameters.blocksize >> KXX_SECTOR_SHIFT);
	made.append_max_sectors_ = append < made.zone_capacity_
					   ? append
					   : static_cast<unsigned int>(made.zone_capacity_);
	return made;
}

void ZoneGeometry::set_limits(QueueLimits &limits) const
{
	limits.zoned = true;
	limits.chunk_sectors = 1u << zone_shift_;
	limits.max_open_zones = max_open_;
	limits.max_active_zones = max_active_;
	limits.max_zone_append_sectors = append_max_sectors_;
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
	return !max_active_ || imp_open_ + exp_open_ + closed_ < max_active_;
}

bool ZoneCounts::may_open()
{
	if (!max_open_ || imp_open_ + exp_open_ < max_open_)
		return true;
	/* null_blk's condition: it closes none while the limit of active ones is reached. */
	if (!imp_open_ || !may_activate())
		return false;
	close_one();
	return true;
}

void ZoneCounts::close_one()
{
	for (unsigned int i = nr_conv_; i < nr_zones_; i++) {
		unsigned int no = next_to_close_;

		next_to_close_ = no + 1 < nr_zones_ ? no + 1 : nr_conv_;
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
	/* Closed meanwhile, for the sake of another zone. */
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

BlkStatus ZoneCounts::close(unsigned int no)
{
	if (conditions_[no].get() == ZoneCond::CLOSED)
		return BlkStatus::OK;
	if (!conditions_[no].is_open())
		return BlkStatus::IOERR;
	move(no, conditions_[no].written ? ZoneCond::CLOSED : ZoneCond::EMPTY);
	return BlkStatus::OK;
}

BlkStatus ZoneCounts::finish(unsigned int no)
{
	BlkStatus room = BlkStatus::OK;

	/* On its way it is open for a moment, and needs room for that. */
	if (conditions_[no].get() == ZoneCond::EMPTY || conditions_[no].get() == ZoneCond::CLOSED)
		room = make_room(no);
	if (room == BlkStatus::OK)
		move(no, ZoneCond::FULL);
	return room;
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
	sector_t from = geometry.start(geometry.nr_conv());
	unsigned int last = geometry.nr_zones() - 1;
	sector_t end = geometry.start(last) + geometry.len(last);

	if (sector >= from && sector < end)
		return static_cast<unsigned int>(geometry.zone_no(sector));
	pr_err("%s=%llu: must be a sector of a sequential zone, from %llu to %llu\n", attribute,
	       static_cast<unsigned long long>(sector), static_cast<unsigned long long>(from),
	       static_cast<unsigned long long>(end - 1));
	return EINVAL;
}

} // namespace cxxnull
