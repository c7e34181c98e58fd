// SPDX-License-Identifier: GPL-2.0
/*
 * zones_kunit.cc - tests of src/cxxnull/zones.hpp: layout, writes and reads
 *
 * Checks where the zones are, which writes are valid, and what is read.
 */
#include "zones.hpp"

using namespace kxx;
using namespace zoned;

static void bad_parameters_are_einval(struct kunit *test)
{
	constexpr ZoneParameters bad[] = {
		{ .size = 1024, .zone_size = 0 },
		{ .size = 1024, .zone_size = 3 },
		{ .size = 1024, .zone_size = 2048 },
		{ .size = u64{ 1 } << 40, .zone_size = 1 << 21 },
		{ .size = u64{ 1 } << 33, .zone_size = 1 },
		{ .size = u64{ 1 } << 44, .zone_size = 1 << 20 },
		{ .size = 1024, .zone_size = 4, .zone_capacity = 5 },
		{ .size = 1023, .zone_size = 4, .zone_capacity = 3 },
	};

	for (auto &parameters : bad) {
		auto made = ZoneGeometry::make(parameters);

		KUNIT_EXPECT_EQ(test, made ? 0 : made.error().to_errno(), EINVAL.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, ZoneGeometry::make({ .size = 1023, .zone_size = 4 }));
	KUNIT_EXPECT_TRUE(test,
			  ZoneGeometry::make({ .size = 1023, .zone_size = 4, .zone_capacity = 4 }));
}

static void unreachable_parameters_are_corrected(struct kunit *test)
{
	auto made = KUNIT_ASSERT_VALUE(
		test, ZoneGeometry::make({ .size = 8, .zone_size = 1, .zone_nr_conv = 9 }));

	KUNIT_EXPECT_EQ(test, made.nr_conv, 7);

	auto limits = [test](unsigned int open, unsigned int active, unsigned int open_then,
			     unsigned int active_then) {
		auto geometry =
			KUNIT_ASSERT_VALUE(test, ZoneGeometry::make({ .size = 8,
								      .zone_size = 1,
								      .zone_nr_conv = 2,
								      .zone_max_open = open,
								      .zone_max_active = active }));

		KUNIT_EXPECT_EQ(test, geometry.max_open, open_then);
		KUNIT_EXPECT_EQ(test, geometry.max_active, active_then);
	};

	limits(0, 0, 0, 0);
	limits(5, 5, 5, 5);
	limits(6, 6, 0, 0);
	limits(5, 6, 5, 0);
	limits(3, 2, 2, 2);
	limits(100, 3, 3, 3);
	limits(2, 3, 2, 3);
}

static void append_limit_is_whole_blocks_and_at_most_the_capacity(struct kunit *test)
{
	auto append_max = [](unsigned int sectors) {
		auto made = ZoneGeometry::make({ .size = 8,
						 .blocksize = 4096,
						 .zone_size = 4,
						 .zone_capacity = 3,
						 .zone_append_max_sectors = sectors });

		if (!made)
			return ~0u;
		return std::move(made).value().append_max_sectors;
	};

	KUNIT_EXPECT_EQ(test, append_max(0), 0);
	KUNIT_EXPECT_EQ(test, append_max(7), 0);
	KUNIT_EXPECT_EQ(test, append_max(23), 16);
	KUNIT_EXPECT_EQ(test, append_max(~0u), 3 * mib);
}

static void zones_are_where_the_parameters_say(struct kunit *test) KXX_MAY_SLEEP
{
	/* A conventional zone of 4 MiB, a zone of 4 MiB, and the remaining 3 MiB. */
	auto disk = KUNIT_ASSERT_VALUE(
		test, make<Bare>({ .size = 11, .zone_size = 4, .zone_nr_conv = 1 }));
	struct kxx_test_limits limits = kxx_test_limits(disk.raw());
	struct kxx_test_zone zone = {};

	KUNIT_EXPECT_EQ(test, limits.zone_sectors, 4 * mib);
	KUNIT_EXPECT_EQ(test, limits.nr_zones, 3);
	KUNIT_EXPECT_EQ(test, kxx_test_zone(disk.raw(), 0, &zone), 0);
	KUNIT_EXPECT_TRUE(test, zone.type == KXX_BLK_ZONE_TYPE_CONVENTIONAL &&
					zone.cond == KXX_BLK_ZONE_COND_NOT_WP);
	KUNIT_EXPECT_TRUE(test, zone.len == 4 * mib && zone.capacity == 4 * mib);
	KUNIT_EXPECT_EQ(test, kxx_test_zone(disk.raw(), 4 * mib, &zone), 0);
	KUNIT_EXPECT_TRUE(test, zone.type == KXX_BLK_ZONE_TYPE_SEQWRITE_REQ &&
					zone.cond == KXX_BLK_ZONE_COND_EMPTY);
	KUNIT_EXPECT_TRUE(test, zone.len == 4 * mib && zone.capacity == 4 * mib);
	KUNIT_EXPECT_EQ(test, zone.wp, 4 * mib);
	KUNIT_EXPECT_EQ(test, kxx_test_zone(disk.raw(), 8 * mib, &zone), 0);
	KUNIT_EXPECT_TRUE(test, zone.len == 3 * mib && zone.capacity == 3 * mib);
	KUNIT_EXPECT_TRUE(test, kxx_test_zone(disk.raw(), 11 * mib, &zone) != 0);
}

static void write_is_at_the_write_pointer_or_refused(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, five);
	auto written = []() { return BlkStatus::OK; };

	KUNIT_EXPECT_EQ(test, user.write(1, 0, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, page_sectors);
	KUNIT_EXPECT_EQ(test, user.write(1, page_sectors, 0x22), 0);
	KUNIT_EXPECT_EQ(test, user.write(1, 0, 0x33), eio);
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, 2 * page_sectors);
	KUNIT_EXPECT_EQ(test, user.write(1, 4 * page_sectors, 0x33), eio);
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, 2 * page_sectors);
	KUNIT_EXPECT_EQ(test, user.read(1, 0), 0x11);
	KUNIT_EXPECT_EQ(test, user.read(1, page_sectors), 0x22);

	/* Call the zones directly: since 6.10 the block layer itself refuses the bios above. */
	for (sector_t offset : { sector_t{ 0 }, page_sectors, 3 * page_sectors })
		KUNIT_EXPECT_TRUE(test, zones.write(mib + offset, page_sectors, written) ==
						BlkStatus::IOERR);
	KUNIT_EXPECT_TRUE(test, zones.write(mib + 2 * page_sectors, page_sectors, written) ==
					BlkStatus::OK);
	KUNIT_EXPECT_TRUE(test, zones.write(5 * mib, page_sectors, written) == BlkStatus::IOERR);
}

static void zone_to_close_is_searched_among_the_sequential_ones(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr ZoneParameters one_open = {
		.size = 5,
		.zone_size = 1,
		.zone_nr_conv = 2,
		.zone_max_open = 1,
	};

	MAKE_DISK(Backed, one_open);

	/*
	 * On the last write, the search for a zone to close starts at zone 4 and must wrap around
	 * to zone 2, the first sequential zone.
	 */
	KUNIT_EXPECT_EQ(test, user.write(2, 0), 0);
	KUNIT_EXPECT_EQ(test, user.write(3, 0), 0);
	KUNIT_EXPECT_EQ(test, user.write(2, page_sectors), 0);
	KUNIT_EXPECT_EQ(test, user.write(3, page_sectors), 0);
	KUNIT_EXPECT_TRUE(test, zones.zone(2).cond == ZoneCond::CLOSED);
	KUNIT_EXPECT_TRUE(test, zones.zone(3).cond == ZoneCond::IMP_OPEN);
}

static void unwritten_reads_as_ones(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, five);

	KUNIT_EXPECT_EQ(test, user.read(2, 0), 0xff);
	KUNIT_EXPECT_EQ(test, user.write(2, 0, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.read(2, 0), 0x11);
	KUNIT_EXPECT_EQ(test, user.read(2, page_sectors), 0xff);
	/* The second half of this read is beyond the write pointer. */
	KUNIT_EXPECT_TRUE(
		test,
		zones.read(2 * mib + page_sectors / 2, page_sectors, [test](sector_t readable) {
			KUNIT_EXPECT_EQ(test, readable, page_sectors / 2);
			return BlkStatus::OK;
		}) == BlkStatus::OK);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET, 2), 0);
	KUNIT_EXPECT_EQ(test, user.read(2, 0), 0xff);
	/* The finished zone must not contain the data from before the reset. */
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 2), 0);
	KUNIT_EXPECT_EQ(test, user.read(2, 0), 0);
}

static void append_says_where_it_went(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, five);
	sector_t offset = 0;

	KUNIT_EXPECT_EQ(test, user.append(3, offset, 0x11), 0);
	KUNIT_EXPECT_EQ(test, offset, 0);
	KUNIT_EXPECT_EQ(test, user.append(3, offset, 0x22), 0);
	KUNIT_EXPECT_EQ(test, offset, page_sectors);
	KUNIT_EXPECT_EQ(test, user.zone(3).wp, 2 * page_sectors);
	KUNIT_EXPECT_EQ(test, user.read(3, 0), 0x11);
	KUNIT_EXPECT_EQ(test, user.read(3, page_sectors), 0x22);
	KUNIT_EXPECT_TRUE(test, zones.append(5 * mib, 1, [](sector_t) { return BlkStatus::OK; }) ==
					BlkStatus::IOERR);
}

static void append_without_appends_is_ioerr(struct kunit *test) KXX_MAY_SLEEP
{
	ZoneParameters none = five;

	none.zone_append_max_sectors = 0;

	auto geometry = KUNIT_ASSERT_VALUE(test, ZoneGeometry::make(none));
	auto zones = KUNIT_ASSERT_VALUE(test, Zones<SpinLockIrq>::make(geometry));
	bool called = false;

	KUNIT_EXPECT_TRUE(test, zones->append(0, 8, [&called](sector_t) {
		called = true;
		return BlkStatus::OK;
	}) == BlkStatus::IOERR);
	KUNIT_EXPECT_FALSE(test, called);
}

static void zone_fills_up_to_its_capacity(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(
		test, make<Backed>({ .size = 4, .zone_size = 2, .zone_capacity = 1 }));
	auto user = KUNIT_ASSERT_VALUE(test, User::make(disk.raw(), 2));
	auto &zones = *disk.driver().zones;
	auto written = []() { return BlkStatus::OK; };
	int errors = 0;

	KUNIT_EXPECT_TRUE(test, user.zone(1).len == 2 * mib && user.zone(1).capacity == mib);
	for (sector_t offset = 0; offset < mib - page_sectors; offset += page_sectors)
		errors += user.write(1, offset) != 0;
	KUNIT_EXPECT_EQ(test, errors, 0);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::IMP_OPEN);
	/* One page of the zone is left. */
	KUNIT_EXPECT_TRUE(test, zones.write(3 * mib - page_sectors, page_sectors + 1, written) ==
					BlkStatus::IOERR);
	KUNIT_EXPECT_TRUE(test, zones.append(2 * mib, page_sectors + 1, [](sector_t) {
		return BlkStatus::OK;
	}) == BlkStatus::IOERR);
	KUNIT_EXPECT_EQ(test, user.write(1, mib - page_sectors, 0x77), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::FULL);
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, mib);
	KUNIT_EXPECT_TRUE(test, zones.write(3 * mib, 1, written) == BlkStatus::IOERR);
	KUNIT_EXPECT_EQ(test, user.write(1, mib), eio);
	KUNIT_EXPECT_EQ(test, user.read(1, mib - page_sectors), 0x77);
	KUNIT_EXPECT_EQ(test, user.read(1, mib), 0xff);
}

static void finish_of_a_full_zone_is_as_in_null_blk(struct kunit *test) KXX_MAY_SLEEP
{
	/* A limit keeps the write pointer at the capacity, see null_finish_zone(). */
	for (unsigned int max_open : { 0, 1 }) {
		auto disk = KUNIT_ASSERT_VALUE(test, make<Bare>({ .size = 4,
								  .zone_size = 2,
								  .zone_capacity = 1,
								  .zone_max_open = max_open }));
		auto &zones = *disk.driver().zones;
		auto finish = [&]() KXX_MAY_SLEEP {
			return zones.manage(ReqOp::ZONE_FINISH, 2 * mib, discard_of(disk.driver()));
		};

		KUNIT_EXPECT_TRUE(test, zones.write(2 * mib, mib, []() { return BlkStatus::OK; }) ==
						BlkStatus::OK);
		KUNIT_EXPECT_EQ(test, zones.zone(1).wp, 3 * mib);
		KUNIT_EXPECT_TRUE(test, finish() == BlkStatus::OK);
		KUNIT_EXPECT_EQ(test, zones.zone(1).wp, (max_open ? 3 : 4) * mib);
		KUNIT_EXPECT_TRUE(test, zones.zone(1).cond == ZoneCond::FULL);
	}
}

static void
failed_write_moves_the_write_pointer_by_what_was_written(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(
		test, make<Bare>({ .size = 3, .zone_size = 1, .zone_nr_conv = 1 }));
	auto &zones = *disk.driver().zones;
	auto part = [](sector_t nr) {
		return [nr]() { return cxxnull::WriteResult(BlkStatus::MEDIUM, nr); };
	};

	KUNIT_EXPECT_TRUE(test, zones.write(mib, 16, part(0)) == BlkStatus::MEDIUM);
	KUNIT_EXPECT_EQ(test, zones.zone(1).wp, mib);
	KUNIT_EXPECT_TRUE(test, zones.write(mib, 16, part(3)) == BlkStatus::MEDIUM);
	KUNIT_EXPECT_EQ(test, zones.zone(1).wp, mib + 3);
	KUNIT_EXPECT_TRUE(test, zones.zone(1).cond == ZoneCond::IMP_OPEN);
	KUNIT_EXPECT_TRUE(test, zones.append(mib, 16, [](sector_t) {
		return cxxnull::WriteResult(BlkStatus::MEDIUM, 5);
	}) == BlkStatus::MEDIUM);
	KUNIT_EXPECT_EQ(test, zones.zone(1).wp, mib + 8);
	KUNIT_EXPECT_TRUE(test, zones.manage(ReqOp::ZONE_CLOSE, mib, discard_of(disk.driver())) ==
					BlkStatus::OK);
	KUNIT_EXPECT_TRUE(test, zones.zone(1).cond == ZoneCond::CLOSED);
	/* A conventional zone has no write pointer to move. */
	KUNIT_EXPECT_TRUE(test, zones.write(0, 16, part(3)) == BlkStatus::MEDIUM);
	KUNIT_EXPECT_EQ(test, zones.zone(0).wp, mib);
}

static void small_last_zone_fills_up_to_its_end(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make<Bare>({ .size = 3, .zone_size = 2 }));
	auto &zones = *disk.driver().zones;
	auto written = []() { return BlkStatus::OK; };

	KUNIT_EXPECT_TRUE(test, zones.write(2 * mib, mib + 1, written) == BlkStatus::IOERR);
	KUNIT_EXPECT_TRUE(test, zones.write(2 * mib, mib, written) == BlkStatus::OK);
	KUNIT_EXPECT_TRUE(test, zones.zone(1).cond == ZoneCond::FULL);
	KUNIT_EXPECT_EQ(test, zones.zone(1).wp, 3 * mib);
}

static void conventional_zone_is_written_anywhere_and_not_managed(struct kunit *test) KXX_MAY_SLEEP
{
	ZoneParameters parameters = five;

	parameters.zone_nr_conv = 1;
	MAKE_DISK(Backed, parameters);

	for (sector_t offset : { 5 * page_sectors, 2 * page_sectors, 2 * page_sectors })
		KUNIT_EXPECT_EQ(test, user.write(0, offset, 0x11), 0);
	KUNIT_EXPECT_EQ(test, user.read(0, 5 * page_sectors), 0x11);
	KUNIT_EXPECT_EQ(test, user.read(0, 6 * page_sectors), 0);
	for (auto op :
	     { ReqOp::ZONE_OPEN, ReqOp::ZONE_CLOSE, ReqOp::ZONE_FINISH, ReqOp::ZONE_RESET })
		KUNIT_EXPECT_EQ(test, user.op(op, 0), eio);
	KUNIT_EXPECT_TRUE(test, zones.append(0, page_sectors, [](sector_t) {
		return BlkStatus::OK;
	}) == BlkStatus::IOERR);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET_ALL, 0), 0);
	KUNIT_EXPECT_EQ(test, user.read(0, 5 * page_sectors), 0x11);
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::NOT_WP);
	KUNIT_EXPECT_EQ(
		test,
		zones.set_unavailable(0, ZoneCond::READONLY, discard_of(disk.driver())).to_errno(),
		EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test,
			zones.set_unavailable(5 * mib, ZoneCond::OFFLINE, discard_of(disk.driver()))
				.to_errno(),
			EINVAL.to_errno());
}

static void zones_can_begin_full(struct kunit *test) KXX_MAY_SLEEP
{
	ZoneParameters parameters = five;

	parameters.zone_full = true;
	MAKE_DISK(Backed, parameters);

	for (unsigned int zone = 0; zone < 5; zone++)
		KUNIT_EXPECT_TRUE(test,
				  user.cond(zone) == ZoneCond::FULL && user.zone(zone).wp == mib);
	KUNIT_EXPECT_EQ(test, user.read(4, 0), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET, 4), 0);
	KUNIT_EXPECT_EQ(test, user.write(4, 0), 0);
}

KXX_KUNIT_SUITE(kxx_kunit_zones, "cxxnull_zones", KXX_KUNIT_CASE(bad_parameters_are_einval),
		KXX_KUNIT_CASE(unreachable_parameters_are_corrected),
		KXX_KUNIT_CASE(append_limit_is_whole_blocks_and_at_most_the_capacity),
		KXX_KUNIT_CASE(zones_are_where_the_parameters_say),
		KXX_KUNIT_CASE(write_is_at_the_write_pointer_or_refused),
		KXX_KUNIT_CASE(zone_to_close_is_searched_among_the_sequential_ones),
		KXX_KUNIT_CASE(unwritten_reads_as_ones), KXX_KUNIT_CASE(append_says_where_it_went),
		KXX_KUNIT_CASE(append_without_appends_is_ioerr),
		KXX_KUNIT_CASE(zone_fills_up_to_its_capacity),
		KXX_KUNIT_CASE(finish_of_a_full_zone_is_as_in_null_blk),
		KXX_KUNIT_CASE(failed_write_moves_the_write_pointer_by_what_was_written),
		KXX_KUNIT_CASE(small_last_zone_fills_up_to_its_end),
		KXX_KUNIT_CASE(conventional_zone_is_written_anywhere_and_not_managed),
		KXX_KUNIT_CASE(zones_can_begin_full));
