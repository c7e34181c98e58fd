// SPDX-License-Identifier: GPL-2.0
/*
 * zone_conditions_kunit.cc - tests of src/cxxnull/zones.hpp: conditions of zones
 *
 * Covers the limits of open and active zones, also with all CPUs at work.
 */
#include "zones.hpp"

#include "../faults.hpp"

using namespace kxx;
using namespace zoned;

namespace {

/* Brings a zone from any condition to the condition @to. Returns false on failure. */
template <typename Driver>
bool bring(const Driver &driver, User &user, unsigned int zone, ZoneCond to) KXX_MAY_SLEEP
{
	sector_t sector = zone * mib;
	auto &zones = *driver.zones;
	auto discard = discard_of(driver);
	bool ok = true;

	/* Setting the same condition a second time makes the zone EMPTY again. */
	if (user.cond(zone) == ZoneCond::READONLY)
		ok = static_cast<bool>(zones.set_unavailable(sector, ZoneCond::READONLY, discard));
	else if (user.cond(zone) == ZoneCond::OFFLINE)
		ok = static_cast<bool>(zones.set_unavailable(sector, ZoneCond::OFFLINE, discard));
	ok = ok && !user.op(ReqOp::ZONE_RESET, zone);

	switch (to) {
	case ZoneCond::IMP_OPEN:
		ok = ok && !user.write(zone, 0);
		break;
	case ZoneCond::EXP_OPEN:
		ok = ok && !user.op(ReqOp::ZONE_OPEN, zone);
		break;
	case ZoneCond::CLOSED:
		ok = ok && !user.write(zone, 0) && !user.op(ReqOp::ZONE_CLOSE, zone);
		break;
	case ZoneCond::FULL:
		ok = ok && !user.op(ReqOp::ZONE_FINISH, zone);
		break;
	case ZoneCond::READONLY:
		ok = ok && zones.set_unavailable(sector, ZoneCond::READONLY, discard);
		break;
	case ZoneCond::OFFLINE:
		ok = ok && zones.set_unavailable(sector, ZoneCond::OFFLINE, discard);
		break;
	default:
		break;
	}
	return ok && user.cond(zone) == to;
}

/* Checks that exactly as many zones can be open and active as the limits allow. */
void expect_all_resources(struct kunit *test, User &user, unsigned int max_open,
			  unsigned int max_active) KXX_MAY_SLEEP
{
	unsigned int active = 0;

	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET_ALL, 0), 0);
	for (unsigned int zone = 0; zone < 5; zone++) {
		int err = user.op(ReqOp::ZONE_OPEN, zone);

		if (active < max_open)
			KUNIT_EXPECT_EQ(test, err, 0);
		else
			KUNIT_EXPECT_TRUE(test, err == ETOOMANYREFS.to_errno() ||
							err == EOVERFLOW.to_errno());
		active += !err;
	}
	KUNIT_EXPECT_EQ(test, active, max_open);
	for (unsigned int zone = 0; zone < max_open; zone++) {
		KUNIT_EXPECT_EQ(test, user.write(zone, 0), 0);
		KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, zone), 0);
	}
	for (unsigned int zone = max_open; zone < 5; zone++) {
		bool room = !max_active || active < max_active;
		int err = user.op(ReqOp::ZONE_OPEN, zone);

		KUNIT_EXPECT_EQ(test, err,
				!room			     ? EOVERFLOW.to_errno()
				: zone - max_open < max_open ? 0
							     : ETOOMANYREFS.to_errno());
		active += !err;
	}
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET_ALL, 0), 0);
}

struct Transition {
	ZoneCond from;
	ReqOp op;
	int result;
	ZoneCond to;
};

constexpr Transition transitions[] = {
	{ ZoneCond::EMPTY, ReqOp::WRITE, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::IMP_OPEN, ReqOp::WRITE, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::EXP_OPEN, ReqOp::WRITE, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::CLOSED, ReqOp::WRITE, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::FULL, ReqOp::WRITE, eio, ZoneCond::FULL },
	{ ZoneCond::READONLY, ReqOp::WRITE, eio, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::WRITE, eio, ZoneCond::OFFLINE },

	{ ZoneCond::EMPTY, ReqOp::ZONE_APPEND, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::IMP_OPEN, ReqOp::ZONE_APPEND, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::EXP_OPEN, ReqOp::ZONE_APPEND, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::CLOSED, ReqOp::ZONE_APPEND, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::FULL, ReqOp::ZONE_APPEND, eio, ZoneCond::FULL },
	{ ZoneCond::READONLY, ReqOp::ZONE_APPEND, eio, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::ZONE_APPEND, eio, ZoneCond::OFFLINE },

	{ ZoneCond::EMPTY, ReqOp::ZONE_OPEN, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::IMP_OPEN, ReqOp::ZONE_OPEN, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::EXP_OPEN, ReqOp::ZONE_OPEN, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::CLOSED, ReqOp::ZONE_OPEN, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::FULL, ReqOp::ZONE_OPEN, eio, ZoneCond::FULL },
	{ ZoneCond::READONLY, ReqOp::ZONE_OPEN, eio, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::ZONE_OPEN, eio, ZoneCond::OFFLINE },

	{ ZoneCond::EMPTY, ReqOp::ZONE_CLOSE, eio, ZoneCond::EMPTY },
	{ ZoneCond::IMP_OPEN, ReqOp::ZONE_CLOSE, 0, ZoneCond::CLOSED },
	{ ZoneCond::EXP_OPEN, ReqOp::ZONE_CLOSE, 0, ZoneCond::EMPTY },
	{ ZoneCond::CLOSED, ReqOp::ZONE_CLOSE, 0, ZoneCond::CLOSED },
	{ ZoneCond::FULL, ReqOp::ZONE_CLOSE, eio, ZoneCond::FULL },
	{ ZoneCond::READONLY, ReqOp::ZONE_CLOSE, eio, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::ZONE_CLOSE, eio, ZoneCond::OFFLINE },

	{ ZoneCond::EMPTY, ReqOp::ZONE_FINISH, 0, ZoneCond::FULL },
	{ ZoneCond::IMP_OPEN, ReqOp::ZONE_FINISH, 0, ZoneCond::FULL },
	{ ZoneCond::EXP_OPEN, ReqOp::ZONE_FINISH, 0, ZoneCond::FULL },
	{ ZoneCond::CLOSED, ReqOp::ZONE_FINISH, 0, ZoneCond::FULL },
	{ ZoneCond::FULL, ReqOp::ZONE_FINISH, 0, ZoneCond::FULL },
	{ ZoneCond::READONLY, ReqOp::ZONE_FINISH, eio, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::ZONE_FINISH, eio, ZoneCond::OFFLINE },

	{ ZoneCond::EMPTY, ReqOp::ZONE_RESET, 0, ZoneCond::EMPTY },
	{ ZoneCond::IMP_OPEN, ReqOp::ZONE_RESET, 0, ZoneCond::EMPTY },
	{ ZoneCond::EXP_OPEN, ReqOp::ZONE_RESET, 0, ZoneCond::EMPTY },
	{ ZoneCond::CLOSED, ReqOp::ZONE_RESET, 0, ZoneCond::EMPTY },
	{ ZoneCond::FULL, ReqOp::ZONE_RESET, 0, ZoneCond::EMPTY },
	{ ZoneCond::READONLY, ReqOp::ZONE_RESET, eio, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::ZONE_RESET, eio, ZoneCond::OFFLINE },

	{ ZoneCond::EMPTY, ReqOp::READ, 0, ZoneCond::EMPTY },
	{ ZoneCond::IMP_OPEN, ReqOp::READ, 0, ZoneCond::IMP_OPEN },
	{ ZoneCond::EXP_OPEN, ReqOp::READ, 0, ZoneCond::EXP_OPEN },
	{ ZoneCond::CLOSED, ReqOp::READ, 0, ZoneCond::CLOSED },
	{ ZoneCond::FULL, ReqOp::READ, 0, ZoneCond::FULL },
	{ ZoneCond::READONLY, ReqOp::READ, 0, ZoneCond::READONLY },
	{ ZoneCond::OFFLINE, ReqOp::READ, eio, ZoneCond::OFFLINE },
};

/* Does @op on @zone and returns its result. Writes at the write pointer, if the zone has one. */
int do_to_zone(User &user, ReqOp op, unsigned int zone) KXX_MAY_SLEEP
{
	struct kxx_test_zone before = user.zone(zone);
	sector_t offset = before.wp < mib ? before.wp : page_sectors;
	int read;

	switch (op) {
	case ReqOp::WRITE:
		return user.write(zone, offset);
	case ReqOp::ZONE_APPEND:
		return user.append(zone, offset);
	case ReqOp::READ:
		read = user.read(zone, 0);
		return read < 0 ? read : 0;
	default:
		return user.op(op, zone);
	}
}

template <typename Driver>
void do_all_transitions(struct kunit *test, const ZoneParameters &parameters) KXX_MAY_SLEEP
{
	MAKE_DISK(Driver, parameters);

	for (auto &transition : transitions) {
		KUNIT_EXPECT_TRUE(test, bring(disk.driver(), user, 1, transition.from));

		int result = do_to_zone(user, transition.op, 1);

		if (result != transition.result || user.cond(1) != transition.to) {
			KUNIT_EXPECT_EQ(test, static_cast<int>(transition.from), ~0);
			KUNIT_EXPECT_EQ(test, static_cast<int>(transition.op), ~0);
			KUNIT_EXPECT_EQ(test, result, transition.result);
			KUNIT_EXPECT_EQ(test, static_cast<int>(user.cond(1)),
					static_cast<int>(transition.to));
		}
	}
	KUNIT_EXPECT_TRUE(test, bring(disk.driver(), user, 1, ZoneCond::EMPTY));
	if (parameters.zone_max_open)
		expect_all_resources(test, user, parameters.zone_max_open,
				     parameters.zone_max_active);
}

} // namespace

static void every_transition_without_limits(struct kunit *test) KXX_MAY_SLEEP
{
	do_all_transitions<Backed>(test, five);
	do_all_transitions<Bare>(test, five);
}

static void every_transition_with_limits(struct kunit *test) KXX_MAY_SLEEP
{
	do_all_transitions<Backed>(test, limited);
	do_all_transitions<Bare>(test, limited);
}

static void write_closes_the_next_implicitly_open_zone(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, { .size = 5, .zone_size = 1, .zone_max_open = 2 });

	for (unsigned int zone = 0; zone < 3; zone++)
		KUNIT_EXPECT_EQ(test, user.write(zone, 0), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::CLOSED);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::IMP_OPEN);
	KUNIT_EXPECT_TRUE(test, user.cond(2) == ZoneCond::IMP_OPEN);
	/* The search for a zone to close continues where it ended: at zone 1, then zone 2. */
	KUNIT_EXPECT_EQ(test, user.write(0, page_sectors), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::CLOSED);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 3), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(2) == ZoneCond::CLOSED);
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::IMP_OPEN);
	/* A zone that is open explicitly is never closed by a write. */
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 4), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::CLOSED);
	KUNIT_EXPECT_EQ(test, user.write(0, 2 * page_sectors), ETOOMANYREFS.to_errno());
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::CLOSED);
	KUNIT_EXPECT_EQ(test, user.zone(0).wp, 2 * page_sectors);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 0), ETOOMANYREFS.to_errno());
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, 4), 0);
	KUNIT_EXPECT_EQ(test, user.write(0, 2 * page_sectors), 0);
	expect_all_resources(test, user, 2, 0);
}

static void active_zones_have_a_limit_of_their_own(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Bare, { .size = 5, .zone_size = 1, .zone_max_active = 2 });

	KUNIT_EXPECT_EQ(test, user.write(0, 0), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 1), 0);
	for (auto op : { ReqOp::WRITE, ReqOp::ZONE_OPEN, ReqOp::ZONE_FINISH }) {
		KUNIT_EXPECT_EQ(test, do_to_zone(user, op, 2), EOVERFLOW.to_errno());
		KUNIT_EXPECT_TRUE(test, user.cond(2) == ZoneCond::EMPTY);
	}
	/* A CLOSED zone is active, but not one closed without data, finished or reset. */
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, 0), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 2), EOVERFLOW.to_errno());
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, 1), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 2), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 2), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 3), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET, 0), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 4), 0);
	/* An OFFLINE zone is not active either. */
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 0), EOVERFLOW.to_errno());
	KUNIT_EXPECT_TRUE(
		test, zones.set_unavailable(4 * mib, ZoneCond::OFFLINE, discard_of(disk.driver())));
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 0), 0);
}

static void limits_of_one_and_of_all_but_one(struct kunit *test) KXX_MAY_SLEEP
{
	for (unsigned int n : { 1u, 2u, 4u }) {
		ZoneParameters parameters = five;

		parameters.zone_max_open = parameters.zone_max_active = n;
		MAKE_DISK(Bare, parameters);

		struct kxx_test_limits limits = kxx_test_limits(disk.raw());

		KUNIT_EXPECT_EQ(test, limits.max_open_zones, n);
		KUNIT_EXPECT_EQ(test, limits.max_active_zones, n);
		expect_all_resources(test, user, n, n);
	}
}

static void failed_write_leaves_the_zone_as_it_was(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, limited);
	const Backed &driver = disk.driver();

	driver.full = true;
	KUNIT_EXPECT_EQ(test, user.write(1, 0), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, 0);
	/* The zone is open after the failed write, as in null_blk, and EMPTY after it is closed. */
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::IMP_OPEN);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, 1), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::EMPTY);
	driver.full = false;
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET, 1), 0);
	KUNIT_EXPECT_EQ(test, user.write(1, 0), 0);
	driver.full = true;
	KUNIT_EXPECT_EQ(test, user.write(1, page_sectors), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, page_sectors);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, 1), 0);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::CLOSED);
	driver.full = false;
	expect_all_resources(test, user, 2, 3);
}

static void reset_all_leaves_what_is_out_of_service(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, five);
	const Backed &driver = disk.driver();

	for (unsigned int zone = 0; zone < 4; zone++)
		KUNIT_EXPECT_EQ(test, user.write(zone, 0, 0x11), 0);
	KUNIT_EXPECT_TRUE(test, zones.set_unavailable(mib, ZoneCond::READONLY, discard_of(driver)));
	KUNIT_EXPECT_TRUE(test,
			  zones.set_unavailable(2 * mib, ZoneCond::OFFLINE, discard_of(driver)));
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 3), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_RESET_ALL, 0), 0);
	for (unsigned int zone : { 0u, 3u, 4u })
		KUNIT_EXPECT_TRUE(test,
				  user.cond(zone) == ZoneCond::EMPTY && user.zone(zone).wp == 0);
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::READONLY);
	KUNIT_EXPECT_TRUE(test, user.cond(2) == ZoneCond::OFFLINE);
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, ~sector_t{ 0 });
	KUNIT_EXPECT_EQ(test, user.read(1, 0), 0x11);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 3), 0);
	KUNIT_EXPECT_EQ(test, user.read(3, 0), 0);
}

static void zone_comes_back_into_service_empty(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Backed, limited);
	const Backed &driver = disk.driver();

	KUNIT_EXPECT_EQ(test, user.write(1, 0, 0x11), 0);
	KUNIT_EXPECT_TRUE(test,
			  zones.set_unavailable(mib + 100, ZoneCond::READONLY, discard_of(driver)));
	/* A change from READONLY to OFFLINE must not bring the zone back. */
	KUNIT_EXPECT_TRUE(test, zones.set_unavailable(mib, ZoneCond::OFFLINE, discard_of(driver)));
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::OFFLINE);
	KUNIT_EXPECT_TRUE(test, zones.set_unavailable(mib, ZoneCond::OFFLINE, discard_of(driver)));
	KUNIT_EXPECT_TRUE(test, user.cond(1) == ZoneCond::EMPTY && user.zone(1).wp == 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 1), 0);
	KUNIT_EXPECT_EQ(test, user.read(1, 0), 0);
	expect_all_resources(test, user, 2, 3);
}

static void zone_put_out_of_service_is_finished_before(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Bare, { .size = 5, .zone_size = 1, .zone_max_open = 1 });
	auto put_out = [&](unsigned int zone, ZoneCond cond) KXX_MAY_SLEEP {
		return zones.set_unavailable(zone * mib, cond, discard_of(disk.driver()));
	};

	/* Neither a FULL zone nor one that is out of service needs to be opened for that. */
	KUNIT_EXPECT_TRUE(test, put_out(4, ZoneCond::READONLY));
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_FINISH, 3), 0);
	KUNIT_EXPECT_EQ(test, user.write(0, 0), 0);
	KUNIT_EXPECT_TRUE(test, put_out(4, ZoneCond::OFFLINE));
	KUNIT_EXPECT_TRUE(test, put_out(3, ZoneCond::OFFLINE));
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::IMP_OPEN);
	/* Finishing an EMPTY zone closes the zone that is open implicitly. */
	KUNIT_EXPECT_TRUE(test, put_out(1, ZoneCond::OFFLINE));
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::CLOSED);
	/* If no zone can be closed, the zone is put out of service all the same. */
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 2), 0);
	KUNIT_EXPECT_TRUE(test, put_out(0, ZoneCond::READONLY));
	KUNIT_EXPECT_TRUE(test, user.cond(0) == ZoneCond::READONLY);
	KUNIT_EXPECT_TRUE(test, user.cond(2) == ZoneCond::EXP_OPEN);
	for (unsigned int zone : { 0u, 1u, 3u, 4u })
		KUNIT_EXPECT_TRUE(test,
				  put_out(zone, zone ? ZoneCond::OFFLINE : ZoneCond::READONLY));
	expect_all_resources(test, user, 1, 0);
}

namespace {

/* Appends of several CPUs to one zone; records which CPU wrote which page. */
template <typename Driver> struct Appends {
	static constexpr unsigned int each = 40;
	static constexpr unsigned int pages = mib / page_sectors;

	GenDisk<Driver> &disk;
	Atomic cpus{ 1 }, errors{ 0 };
	unsigned char author[pages] = {}, writes[pages] = {};

	static void run(void *data) KXX_MAY_SLEEP { static_cast<Appends *>(data)->append_all(); }

	void append_all() KXX_MAY_SLEEP
	{
		auto made = User::make(disk.raw());
		int cpu = next();

		if (!made) {
			errors.inc();
			return;
		}

		User user = std::move(made).value();

		for (unsigned int i = 0; i < each; i++) {
			sector_t offset = 0;

			if (user.append(1, offset, cpu) || offset >= mib || offset % page_sectors) {
				errors.inc();
				continue;
			}
			author[offset / page_sectors] = static_cast<unsigned char>(cpu);
			writes[offset / page_sectors]++;
		}
	}

	int next()
	{
		int was = cpus.read();

		while (!cpus.try_cmpxchg(was, was + 1))
			;
		return was;
	}
};

template <typename Driver> void append_on_all_cpus(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Driver, limited);
	Appends<Driver> appends{ disk };
	unsigned int all = appends.each * kxx_test_nr_online_cpus(), twice = 0, wrong = 0;

	if (all > appends.pages)
		kunit_skip(test, "has no pages for so many CPUs");
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(appends.run, &appends), 0);
	KUNIT_EXPECT_EQ(test, appends.errors.read(), 0);
	KUNIT_EXPECT_EQ(test, user.zone(1).wp, all * page_sectors);
	for (unsigned int page = 0; page < appends.pages; page++) {
		twice += appends.writes[page] != (page < all);
		if (Driver::has_data && page < all)
			wrong += user.read(1, page * page_sectors) != appends.author[page];
	}
	KUNIT_EXPECT_EQ(test, twice, 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

/* Each CPU writes and resets a zone of its own, with one open zone for all CPUs. */
template <typename DiskZones> struct Quarrel {
	DiskZones &zones;
	Atomic cpus{ 0 }, errors{ 0 };

	static void run(void *data) KXX_MAY_SLEEP { static_cast<Quarrel *>(data)->quarrel(); }

	void quarrel() KXX_MAY_SLEEP
	{
		int zone = cpus.read();
		auto written = []() { return BlkStatus::OK; };
		auto discard = [](sector_t, sector_t) {};

		while (!cpus.try_cmpxchg(zone, zone + 1))
			;

		sector_t start = static_cast<sector_t>(zone) * mib;

		for (unsigned int i = 0; i < 200; i++) {
			/*
			 * Write in four parts: another CPU may close the zone in between, so that
			 * it becomes full after it was closed.
			 */
			for (sector_t part = 0; part < 4; part++)
				if (zones.write(start + part * mib / 4, mib / 4, written) !=
				    BlkStatus::OK)
					errors.inc();
			if (zones.manage(ReqOp::ZONE_RESET, start, discard) != BlkStatus::OK)
				errors.inc();
		}
	}
};

template <typename Driver> void quarrel_on_all_cpus(struct kunit *test) KXX_MAY_SLEEP
{
	MAKE_DISK(Driver, { .size = 5, .zone_size = 1, .zone_max_open = 1 });
	Quarrel<typename Driver::DiskZones> quarrel{ zones };

	if (kxx_test_nr_online_cpus() > 5)
		kunit_skip(test, "has zones for 5 CPUs");
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(quarrel.run, &quarrel), 0);
	KUNIT_EXPECT_EQ(test, quarrel.errors.read(), 0);
	expect_all_resources(test, user, 1, 0);
}

/* While a write to zone 0 is in progress, a write to zone 1 needs the only open zone. */
struct Overtaken {
	Zones<Mutex> &zones;
	BlkStatus first_ends;
	Atomic cpus{ 0 }, step{ 0 };
	BlkStatus first = BlkStatus::TIMEOUT, second = BlkStatus::TIMEOUT;
	ZoneCond overtaken = ZoneCond::NOT_WP;

	static void run(void *data) KXX_MAY_SLEEP { static_cast<Overtaken *>(data)->write(); }

	void write() KXX_MAY_SLEEP
	{
		int cpu = cpus.read();

		while (!cpus.try_cmpxchg(cpu, cpu + 1))
			;
		if (cpu == 0) {
			first = zones.write(0, page_sectors, [this]() KXX_MAY_SLEEP {
				step.set(1);
				wait_for(2);
				return first_ends;
			});
		} else if (cpu == 1) {
			wait_for(1);
			second = zones.write(mib, page_sectors, []() { return BlkStatus::OK; });
			step.set(2);
		}
	}

	void wait_for(int value) KXX_MAY_SLEEP
	{
		for (unsigned int i = 0; step.read() != value && i < 5000; i++)
			kxx_test_msleep(1);
	}
};

void overtake(struct kunit *test, BlkStatus first_ends, ZoneCond then) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	MAKE_DISK(Backed, { .size = 5, .zone_size = 1, .zone_max_open = 1, .zone_max_active = 2 });
	Overtaken overtaken{ zones, first_ends };

	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(overtaken.run, &overtaken), 0);
	KUNIT_EXPECT_TRUE(test, overtaken.first == first_ends);
	KUNIT_EXPECT_TRUE(test, overtaken.second == BlkStatus::OK);
	KUNIT_EXPECT_TRUE(test, zones.zone(0).cond == then);
	KUNIT_EXPECT_TRUE(test, zones.zone(1).cond == ZoneCond::IMP_OPEN);
	/* Zone 0 must count as active only if its condition says so. */
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_CLOSE, 1), 0);
	KUNIT_EXPECT_EQ(test, user.op(ReqOp::ZONE_OPEN, 2),
			then == ZoneCond::EMPTY ? 0 : EOVERFLOW.to_errno());
	expect_all_resources(test, user, 1, 2);
}

} // namespace

static void appends_of_all_cpus_get_each_their_place(struct kunit *test) KXX_MAY_SLEEP
{
	append_on_all_cpus<Backed>(test);
	append_on_all_cpus<Bare>(test);
}

static void zones_closed_under_a_writer_are_counted_right(struct kunit *test) KXX_MAY_SLEEP
{
	quarrel_on_all_cpus<Backed>(test);
	quarrel_on_all_cpus<Bare>(test);
	overtake(test, BlkStatus::OK, ZoneCond::CLOSED);
	overtake(test, BlkStatus::NOSPC, ZoneCond::EMPTY);
}

namespace {

template <typename DiskZones> void fail_each_allocation(struct kunit *test) KXX_MAY_SLEEP
{
	auto five_zones = KUNIT_ASSERT_VALUE(test, ZoneGeometry::make(limited));
	unsigned int refused = faults::expect_each_can_fail(
		test,
		[&five_zones](unsigned int) KXX_MAY_SLEEP { return DiskZones::make(five_zones); },
		[test](unsigned int, const auto &made) {
			if (!made)
				KUNIT_EXPECT_EQ(test, made.error().to_errno(), ENOMEM.to_errno());
		});

	KUNIT_EXPECT_TRUE(test, refused > 0);
}

} // namespace

static void each_allocation_of_zones_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	fail_each_allocation<Zones<Mutex>>(test);
	fail_each_allocation<Zones<SpinLockIrq>>(test);
}

KXX_KUNIT_SUITE(kxx_kunit_zone_conditions, "cxxnull_zone_conditions",
		KXX_KUNIT_CASE(every_transition_without_limits),
		KXX_KUNIT_CASE(every_transition_with_limits),
		KXX_KUNIT_CASE(write_closes_the_next_implicitly_open_zone),
		KXX_KUNIT_CASE(active_zones_have_a_limit_of_their_own),
		KXX_KUNIT_CASE(limits_of_one_and_of_all_but_one),
		KXX_KUNIT_CASE(failed_write_leaves_the_zone_as_it_was),
		KXX_KUNIT_CASE(reset_all_leaves_what_is_out_of_service),
		KXX_KUNIT_CASE(zone_comes_back_into_service_empty),
		KXX_KUNIT_CASE(zone_put_out_of_service_is_finished_before),
		KXX_KUNIT_CASE(appends_of_all_cpus_get_each_their_place),
		KXX_KUNIT_CASE(zones_closed_under_a_writer_are_counted_right));

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_zones_faults, "cxxnull_zones_faults",
			   KXX_KUNIT_CASE(each_allocation_of_zones_can_fail));
