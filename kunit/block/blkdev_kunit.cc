// SPDX-License-Identifier: GPL-2.0
/*
 * blkdev_kunit.cc - tests of <kxx/block/blkdev.hpp>: limits, capacity, operations and zones of a
 * disk
 */
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>

#include "disks.hpp"
#include "../kunit.hpp"

using namespace kxx;

namespace {

class Plain : public disks::Counts {
public:
	QueueStatus queue_rq(Owned<Request<Plain>> rq) const
	{
		rq.start();
		begun.inc();
		op = rq->op();
		fua = rq->is_fua();
		bytes = rq->bytes();
		sector = rq->pos();
		segments = 0;
		bvecs = 0;
		auto walked = rq->for_each_segment([this](Segment &) -> Result<void> {
			segments++;
			return {};
		});

		walked = rq->for_each_bvec([this](const Bvec &) -> Result<void> {
			bvecs++;
			return {};
		});
		ended.inc();
		rq.end(walked ? BlkStatus::OK : BlkStatus::IOERR);
		return QueueStatus::ok();
	}

	disks::Seen<ReqOp> op = ReqOp::READ;
	disks::Seen<bool> fua = false;
	disks::Seen<int> segments = 0, bvecs = 0;
	disks::Seen<unsigned int> bytes = 0;
	disks::Seen<sector_t> sector = 0;
};

constexpr unsigned int command = 0x6b78;
constexpr unsigned int slow_command = 0x6b80;

/* Has four zones of 1024 sectors, zone 0 conventional; keeps the last op, sector, mode and so on. */
class Full : public disks::Counts {
public:
	static constexpr sector_t zone_sectors = 1024;
	static constexpr unsigned int nr_zones = 4;

	QueueStatus queue_rq(Owned<Request<Full>> rq) const
	{
		rq.start();
		begun.inc();
		op = rq->op();
		sector = rq->pos();
		if (op == ReqOp::ZONE_APPEND) {
			rq->set_pos(wp);
			wp += rq->bytes() >> KXX_SECTOR_SHIFT;
		}
		ended.inc();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	Result<void> open(OpenMode how) const
	{
		opened++;
		mode = how;
		if (refuse)
			return EBUSY;
		return {};
	}

	void release() const { released++; }

	Result<int> ioctl(unsigned int cmd, unsigned long arg) const KXX_MAY_SLEEP
	{
		if (cmd == slow_command) {
			calls->inc();
			kxx_test_msleep(200);
			returns->inc();
			return 0;
		}
		if (cmd != command)
			return EINVAL;
		return static_cast<int>(arg) + 1;
	}

	HdGeometry getgeo() const { return { .heads = 4, .sectors = 16, .cylinders = 1000 }; }

	Result<void> set_read_only(bool how) const
	{
		if (refuse)
			return EBUSY;
		read_only = how;
		return {};
	}

	Result<void> report_zones(sector_t sector, unsigned int nr,
				  ZoneReport &report) const KXX_MAY_SLEEP
	{
		for (auto number = static_cast<unsigned int>(sector / zone_sectors);
		     number < nr_zones && report.added() < nr; number++) {
			bool sequential = number || broken;

			KXX_TRY(report.add({
				.start = number * zone_sectors,
				.len = broken && number == 2 ? zone_sectors / 2 : zone_sectors,
				.capacity = zone_sectors,
				.wp = sequential ? number * zone_sectors + 8 : ~sector_t{ 0 },
				.type = sequential ? ZoneType::SEQWRITE_REQ
						   : ZoneType::CONVENTIONAL,
				.cond = sequential ? ZoneCond::IMP_OPEN : ZoneCond::NOT_WP,
			}));
		}
		return {};
	}

	explicit Full(bool broken = false) : broken(broken) {}

	/* Counters for slow_command; owned by the case, since they must outlive the disk. */
	static inline Atomic *calls, *returns;

	disks::Seen<int> opened = 0, released = 0;
	disks::Seen<OpenMode> mode;
	disks::Seen<bool> refuse = false, read_only = false;
	disks::Seen<ReqOp> op = ReqOp::READ;
	disks::Seen<sector_t> sector = 0, wp = 2 * zone_sectors + 8;

private:
	bool broken;
};

/* Keeps its request until let_go(), and serves ioctl() meanwhile. */
class Keeping {
public:
	QueueStatus queue_rq(Owned<Request<Keeping>> rq) const
	{
		rq.start();
		kept_.lock()->emplace(std::move(rq));
		return QueueStatus::ok();
	}

	Result<int> ioctl(unsigned int, unsigned long arg) const KXX_MAY_SLEEP
	{
		return static_cast<int>(arg) + 1;
	}

	void let_go() const
	{
		if (auto rq = std::exchange(*kept_.lock(), std::nullopt))
			rq->end(BlkStatus::OK);
	}

private:
	SpinLock<std::optional<Owned<Request<Keeping>>>> kept_;
};

template <typename Driver, typename... Args>
Result<GenDisk<Driver>> make(const QueueLimits &limits, Args... args) KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(TagSet<Driver>::make({ .no_sched = true }));

	return disks::add<Driver>(std::move(tags), { .limits = limits }, args...);
}

constexpr QueueLimits zoned = {
	.zoned = true,
	.chunk_sectors = Full::zone_sectors,
	.max_open_zones = 1,
	.max_active_zones = 2,
	.max_zone_append_sectors = 512,
};

/* Adds the disk with its capacity: add_disk() refuses a zoned disk without zones. */
Result<GenDisk<Full>> make_zoned(const QueueLimits &limits, bool broken = false) KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(TagSet<Full>::make({}));
	auto driver = KXX_TRY(Box<Full>::make(GFP_KERNEL, broken));

	return GenDisk<Full>::add(std::move(driver), std::move(tags),
				  { .limits = limits,
				    .prefix = "kxxtest",
				    .capacity = Full::nr_zones * Full::zone_sectors });
}

} // namespace

static void limits_are_the_queues_limits(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make<Plain>({
						     .logical_block_size = 1024,
						     .physical_block_size = 4096,
						     .io_min = 8192,
						     .io_opt = 1 << 16,
						     .max_hw_sectors = 64,
						     .max_segments = 7,
						     .max_segment_size = 1 << 13,
						     .dma_alignment = 3,
						     .max_discard_sectors = 1 << 10,
						     .discard_granularity = 2048,
						     .max_write_zeroes_sectors = 1 << 11,
						     .max_secure_erase_sectors = 1 << 12,
						     .write_cache = true,
						     .fua = true,
						     .stable_writes = true,
						     .rotational = true,
					     }));
	struct kxx_test_limits limits = kxx_test_limits(disk.raw());

	KUNIT_EXPECT_EQ(test, limits.logical_block_size, 1024);
	KUNIT_EXPECT_EQ(test, limits.physical_block_size, 4096);
	KUNIT_EXPECT_EQ(test, limits.io_min, 8192);
	KUNIT_EXPECT_EQ(test, limits.io_opt, 1 << 16);
	KUNIT_EXPECT_EQ(test, limits.max_hw_sectors, 64);
	KUNIT_EXPECT_EQ(test, limits.max_segments, 7);
	KUNIT_EXPECT_EQ(test, limits.max_segment_size, 1 << 13);
	KUNIT_EXPECT_EQ(test, limits.dma_alignment, 3);
	KUNIT_EXPECT_EQ(test, limits.max_discard_sectors, 1 << 10);
	KUNIT_EXPECT_EQ(test, limits.discard_granularity, 4096);
	KUNIT_EXPECT_EQ(test, limits.max_write_zeroes_sectors, 1 << 11);
	KUNIT_EXPECT_EQ(test, limits.max_secure_erase_sectors, 1 << 12);
	KUNIT_EXPECT_TRUE(test, limits.write_cache && limits.fua && limits.stable_writes &&
					limits.rotational && !limits.read_only);
}

static void discard_granularity_is_at_least_a_physical_block(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr struct {
		unsigned int physical, asked, is;
	} all[] = { { 4096, 0, 4096 }, { 4096, 2048, 4096 }, { 512, 4096, 4096 }, { 512, 0, 512 } };

	for (const auto &one : all) {
		auto disk =
			KUNIT_ASSERT_VALUE(test, make<Plain>({ .physical_block_size = one.physical,
							       .max_discard_sectors = 1 << 10,
							       .discard_granularity = one.asked }));

		KUNIT_EXPECT_EQ(test, kxx_test_limits(disk.raw()).discard_granularity, one.is);
	}
}

static void limits_not_given_are_off(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make<Plain>({ .virt_boundary_mask = 4095 }));
	struct kxx_test_limits limits = kxx_test_limits(disk.raw());

	KUNIT_EXPECT_EQ(test, limits.virt_boundary_mask, 4095);
	KUNIT_EXPECT_EQ(test, limits.dma_alignment, 511);
	KUNIT_EXPECT_EQ(test, limits.max_discard_sectors, 0);
	KUNIT_EXPECT_EQ(test, limits.max_write_zeroes_sectors, 0);
	KUNIT_EXPECT_EQ(test, limits.max_secure_erase_sectors, 0);
	KUNIT_EXPECT_EQ(test, limits.nr_zones, 0);
	KUNIT_EXPECT_FALSE(test, limits.write_cache || limits.fua || limits.stable_writes ||
					 limits.rotational || limits.read_only);
}

static void bad_limits_are_einval(struct kunit *test)
{
	static constexpr QueueLimits bad[] = {
		{ .logical_block_size = 256 },
		{ .logical_block_size = 513, .physical_block_size = 1024 },
		{ .logical_block_size = 2 * KXX_BLK_MAX_BLOCK_SIZE,
		  .physical_block_size = 2 * KXX_BLK_MAX_BLOCK_SIZE },
		{ .logical_block_size = 4096, .physical_block_size = 512 },
		{ .physical_block_size = 513 },
		{ .io_min = 100 },
		{ .io_opt = 100 },
		{ .max_hw_sectors = 7 },
		{ .max_segment_size = 4095 },
		{ .max_segment_size = 4096, .virt_boundary_mask = 4095 },
		{ .virt_boundary_mask = 4096 },
		{ .dma_alignment = 2 },
		{ .dma_alignment = 8191 },
		{ .logical_block_size = 4096,
		  .physical_block_size = 4096,
		  .max_discard_sectors = 7 },
		{ .logical_block_size = 4096,
		  .physical_block_size = 4096,
		  .discard_granularity = 512 },
		{ .discard_granularity = 1000 },
		{ .logical_block_size = 1024,
		  .physical_block_size = 1024,
		  .max_write_zeroes_sectors = 1 },
		{ .logical_block_size = 1024,
		  .physical_block_size = 1024,
		  .max_secure_erase_sectors = 1 },
		{ .fua = true },
		{ .max_open_zones = 1 },
		{ .max_active_zones = 1 },
		{ .max_zone_append_sectors = 8 },
		{ .zoned = true },
		{ .zoned = true, .chunk_sectors = 1000 },
		{ .zoned = true,
		  .chunk_sectors = 1024,
		  .max_open_zones = 3,
		  .max_active_zones = 2 },
		{ .zoned = true, .chunk_sectors = 1024, .max_zone_append_sectors = 1025 },
	};

	for (auto &limits : bad)
		KUNIT_EXPECT_EQ(test, limits.validate().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, QueueLimits{}.validate());
	KUNIT_EXPECT_TRUE(test, zoned.validate());
}

static void bad_disk_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	auto add = [](const DiskParameters &parameters) KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Plain>::make({}));
		auto driver = KXX_TRY(Box<Plain>::make(GFP_KERNEL));
		auto disk = KXX_TRY(
			GenDisk<Plain>::add(std::move(driver), std::move(tags), parameters));

		return {};
	};

	KUNIT_EXPECT_TRUE(test, add({ .prefix = "kxxtest" }));
	/* Half a block too many, a name of 32 bytes, and zones without report_zones(). */
	KUNIT_EXPECT_EQ(test,
			add({ .limits = { .logical_block_size = 4096, .physical_block_size = 4096 },
			      .prefix = "kxxtest",
			      .capacity = 1028 })
				.to_errno(),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, add({ .prefix = "0123456789012345678901234567890" }).to_errno(),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test,
			add({ .limits = zoned, .prefix = "kxxtest", .capacity = 4096 }).to_errno(),
			EINVAL.to_errno());

	/* A minor number that a dev_t does not hold, and an index that an int does not hold. */
	auto major = KUNIT_ASSERT_VALUE(test, BlockMajor::make("kxxtest"));

	KUNIT_EXPECT_EQ(
		test,
		add({ .prefix = "kxxtest", .index = 1 << 20, .major = major.number() }).to_errno(),
		EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, add({ .prefix = "kxxtest", .index = 1u << 31 }).to_errno(),
			EINVAL.to_errno());
}

namespace {

/* One CPU drops a disk that was not added; another CPU, like a reader of /proc, still has it. */
struct Dropping {
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &dropping = *static_cast<Dropping *>(data);
		int first = 0;

		if (dropping.owner.try_cmpxchg(first, 1)) {
			kxx_put_disk(dropping.disk);
			dropping.dropped.set(1);
		} else if (first = 0; dropping.reader.try_cmpxchg(first, 1)) {
			kxx_test_msleep(100);
			dropping.dropped_by_then = dropping.dropped.read();
			kxx_test_put_disk(dropping.disk);
		}
	}

	struct gendisk *disk;
	Atomic owner{ 0 }, reader{ 0 }, dropped{ 0 };
	int dropped_by_then = -1;
};

} // namespace

/* disk_release() still uses the tag set of such a disk, which its owner frees next. */
static void disk_not_added_waits_for_its_readers(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	auto tags = KUNIT_ASSERT_VALUE(test, TagSet<Plain>::make({}));
	const struct kxx_queue_limits limits = QueueLimits{}.to_c();
	Dropping dropping{ .disk = kxx_blk_mq_alloc_disk(tags->raw(), &limits, nullptr) };

	KUNIT_ASSERT_TRUE(test, !kxx_is_err(dropping.disk));
	kxx_test_get_disk(dropping.disk);
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Dropping::run, &dropping), 0);
	KUNIT_EXPECT_EQ(test, dropping.dropped_by_then, 0);
}

static void capacity_and_mode_can_change(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make<Plain>({}));

	KUNIT_EXPECT_EQ(test, disk.capacity(), disks::capacity);
	KUNIT_EXPECT_TRUE(test, disk.set_capacity(64));
	KUNIT_EXPECT_EQ(test, disk.capacity(), 64);
	/* Half of the reads lie beyond the new end of the disk. */
	KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), 8, false), 4);

	disk.set_read_only(true);
	KUNIT_EXPECT_TRUE(test, kxx_test_limits(disk.raw()).read_only);
	disk.set_read_only(false);
	KUNIT_EXPECT_FALSE(test, kxx_test_limits(disk.raw()).read_only);
	KUNIT_EXPECT_TRUE(test, disk.driver().balanced());
}

static void bad_capacity_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(
		test, make<Plain>({ .logical_block_size = 4096, .physical_block_size = 4096 }));

	KUNIT_EXPECT_EQ(test, disk.set_capacity(disks::capacity + 4).to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, disk.capacity(), disks::capacity);
	KUNIT_EXPECT_TRUE(test, disk.set_capacity(disks::capacity + 8));
	KUNIT_EXPECT_EQ(test, disk.capacity(), disks::capacity + 8);
}

static void disk_can_be_made_read_only(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Plain>::make({}));
		auto disk = KXX_TRY(disks::add<Plain>(std::move(tags), { .read_only = true }));

		KUNIT_EXPECT_TRUE(test, kxx_test_limits(disk.raw()).read_only);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void every_operation_comes_as_what_it_is(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make<Plain>({ .max_discard_sectors = 1 << 10,
							   .max_write_zeroes_sectors = 1 << 10,
							   .max_secure_erase_sectors = 1 << 10,
							   .write_cache = true,
							   .fua = true }));
	auto page = KUNIT_ASSERT_VALUE(test, Box<disks::Page>::make(GFP_KERNEL));
	const Plain &driver = disk.driver();

	for (auto op : { ReqOp::DISCARD, ReqOp::WRITE_ZEROES, ReqOp::SECURE_ERASE }) {
		KUNIT_EXPECT_EQ(test,
				kxx_test_op(disk.raw(), static_cast<unsigned int>(op), 16, 32), 0);
		KUNIT_EXPECT_TRUE(test, driver.op == op);
		KUNIT_EXPECT_EQ(test, driver.sector, 16);
		KUNIT_EXPECT_EQ(test, driver.bytes, 32 << KXX_SECTOR_SHIFT);
		/* The request has bytes, but no data. */
		KUNIT_EXPECT_TRUE(test, !driver.segments && !driver.bvecs);
	}
	KUNIT_EXPECT_EQ(test, kxx_test_op(disk.raw(), KXX_REQ_OP_FLUSH, 0, 0), 0);
	KUNIT_EXPECT_TRUE(test, driver.op == ReqOp::FLUSH);
	KUNIT_EXPECT_TRUE(test, !driver.segments && !driver.bvecs);
	for (auto op : { ReqOp::READ, ReqOp::WRITE }) {
		KUNIT_EXPECT_EQ(test,
				kxx_test_bio(disk.raw(), static_cast<unsigned int>(op), 8,
					     page->bytes, disks::page_size),
				0);
		KUNIT_EXPECT_TRUE(test, driver.op == op && !driver.fua);
		KUNIT_EXPECT_TRUE(test, driver.segments == 1 && driver.bvecs == 1);
	}
	KUNIT_EXPECT_EQ(test,
			kxx_test_bio(disk.raw(), KXX_REQ_OP_WRITE | KXX_REQ_FUA, 8, page->bytes,
				     disks::page_size),
			0);
	KUNIT_EXPECT_TRUE(test, driver.op == ReqOp::WRITE && driver.fua);
	KUNIT_EXPECT_TRUE(test, driver.balanced());
}

static void operations_of_the_disk_reach_the_driver(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	auto disk = KUNIT_ASSERT_VALUE(test, make<Full>({}, false));
	const Full &driver = disk.driver();
	int opened = driver.opened;
	OpenMode mode;
	unsigned int heads, sectors, cylinders;

	KUNIT_EXPECT_EQ(test, kxx_test_ioctl("/dev/kxxtest0", false, command, 41), 42);
	KUNIT_EXPECT_EQ(test, driver.opened, opened + 1);
	mode = driver.mode;
	KUNIT_EXPECT_TRUE(test, mode.read && !mode.write && !mode.exclusive);
	KUNIT_EXPECT_EQ(test, kxx_test_ioctl("/dev/kxxtest0", true, command + 1, 0),
			EINVAL.to_errno());
	mode = driver.mode;
	KUNIT_EXPECT_TRUE(test, mode.read && mode.write);
	KUNIT_EXPECT_EQ(test, driver.released, driver.opened);
	driver.refuse = true;
	KUNIT_EXPECT_EQ(test, kxx_test_ioctl("/dev/kxxtest0", true, command, 0), EBUSY.to_errno());
	KUNIT_EXPECT_EQ(test, kxx_test_set_read_only(disk.raw(), true), EBUSY.to_errno());
	driver.refuse = false;
	KUNIT_EXPECT_EQ(test, kxx_test_set_read_only(disk.raw(), true), 0);
	KUNIT_EXPECT_TRUE(test, driver.read_only);
	KUNIT_EXPECT_EQ(test, kxx_test_getgeo(disk.raw(), &heads, &sectors, &cylinders), 0);
	KUNIT_EXPECT_TRUE(test, heads == 4 && sectors == 16 && cylinders == 1000);
}

static void file_outlives_its_disk(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	std::optional<GenDisk<Full>> disk;
	auto made = KUNIT_ASSERT_VALUE(test, make<Full>({}, false));

	disk.emplace(std::move(made));

	struct file *file = kxx_test_open("/dev/kxxtest0", false);

	KUNIT_ASSERT_TRUE(test, !kxx_is_err(file));
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(file, command, 1), 2);
	disk.reset();
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(file, command, 1), ENODEV.to_errno());
	kxx_test_close(file);
}

namespace {

/* One CPU calls the driver for a while; another CPU destroys the disk meanwhile. */
struct Unplug {
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &unplug = *static_cast<Unplug *>(data);
		int first = 0;

		if (unplug.caller.try_cmpxchg(first, 1)) {
			unplug.result = kxx_test_file_ioctl(unplug.file, slow_command, 0);
		} else if (first = 0; unplug.remover.try_cmpxchg(first, 1)) {
			while (!unplug.calls.read())
				kxx_test_msleep(1);
			unplug.disk.reset();
			unplug.returned_by_then = unplug.returns.read();
		}
	}

	std::optional<GenDisk<Full>> disk;
	struct file *file = nullptr;
	Atomic caller{ 0 }, remover{ 0 }, calls{ 0 }, returns{ 0 };
	int result = -1, returned_by_then = 0;
};

} // namespace

static void disk_waits_for_calls_of_its_driver(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Unplug unplug;
	auto made = KUNIT_ASSERT_VALUE(test, make<Full>({}, false));

	unplug.disk.emplace(std::move(made));
	unplug.file = kxx_test_open("/dev/kxxtest0", false);
	KUNIT_ASSERT_TRUE(test, !kxx_is_err(unplug.file));
	Full::calls = &unplug.calls;
	Full::returns = &unplug.returns;
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Unplug::run, &unplug), 0);
	KUNIT_EXPECT_EQ(test, unplug.result, 0);
	KUNIT_EXPECT_EQ(test, unplug.returned_by_then, 1);
	kxx_test_close(unplug.file);
}

namespace {

/*
 * One CPU destroys the disk, which must wait for the request. Another CPU calls the driver
 * meanwhile, then ends the request.
 */
struct Deletion {
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &deletion = *static_cast<Deletion *>(data);
		int first = 0;

		if (deletion.remover.try_cmpxchg(first, 1)) {
			deletion.disk.reset();
			deletion.removed.set(1);
		} else if (first = 0; deletion.caller.try_cmpxchg(first, 1)) {
			while (!kxx_test_disk_is_dead(deletion.raw))
				kxx_test_msleep(1);
			deletion.result = kxx_test_file_ioctl(deletion.file, command, 41);
			deletion.removed_by_then = deletion.removed.read();
			deletion.driver->let_go();
		}
	}

	std::optional<GenDisk<Keeping>> disk;
	struct gendisk *raw = nullptr;
	const Keeping *driver = nullptr;
	struct file *file = nullptr;
	Atomic remover{ 0 }, caller{ 0 }, removed{ 0 };
	int result = 0, removed_by_then = -1;
};

} // namespace

static void
calls_reach_the_driver_until_its_last_request_has_ended(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);
	KXX_KUNIT_NEEDS_FILE(test, "/dev/null");

	Deletion deletion;
	auto made = KUNIT_ASSERT_VALUE(test, make<Keeping>({}));

	deletion.disk.emplace(std::move(made));
	deletion.raw = deletion.disk->raw();
	deletion.driver = &deletion.disk->driver();
	/* The open file keeps the gendisk alive. */
	deletion.file = kxx_test_open("/dev/kxxtest0", false);
	KUNIT_ASSERT_TRUE(test, !kxx_is_err(deletion.file));
	KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(deletion.raw), 0);
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Deletion::run, &deletion), 0);
	/* A call must still find the driver while del_gendisk() waits for a request. */
	KUNIT_EXPECT_EQ(test, deletion.result, 42);
	KUNIT_EXPECT_EQ(test, deletion.removed_by_then, 0);
	KUNIT_EXPECT_EQ(test, kxx_test_file_ioctl(deletion.file, command, 41), ENODEV.to_errno());
	kxx_test_close(deletion.file);
}

static void zones_are_the_disks_zones(struct kunit *test) KXX_MAY_SLEEP
{
	auto disk = KUNIT_ASSERT_VALUE(test, make_zoned(zoned));
	const Full &driver = disk.driver();
	auto page = KUNIT_ASSERT_VALUE(test, Box<disks::Page>::make(GFP_KERNEL));
	struct kxx_test_limits limits = kxx_test_limits(disk.raw());
	sector_t wp = 0, written = 0;

	KUNIT_EXPECT_EQ(test, limits.zone_sectors, Full::zone_sectors);
	KUNIT_EXPECT_EQ(test, limits.nr_zones, Full::nr_zones);
	KUNIT_EXPECT_EQ(test, limits.max_open_zones, 1);
	KUNIT_EXPECT_EQ(test, limits.max_active_zones, 2);
	KUNIT_EXPECT_TRUE(test, limits.max_zone_append_sectors > 0 &&
					limits.max_zone_append_sectors <= 512);
	KUNIT_EXPECT_EQ(test, kxx_test_report_zones(disk.raw(), 100, 2, &wp), 4);
	KUNIT_EXPECT_EQ(test, wp, 2 * Full::zone_sectors + 8);
	KUNIT_EXPECT_EQ(test, kxx_test_report_zones(disk.raw(), 2, 1, &wp), 2);
	/* The block layer has arrays of as many zones as there are now. */
	KUNIT_EXPECT_EQ(test, disk.set_capacity(2 * disk.capacity()).to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, disk.capacity(), Full::nr_zones * Full::zone_sectors);

	for (auto op :
	     { ReqOp::ZONE_OPEN, ReqOp::ZONE_CLOSE, ReqOp::ZONE_FINISH, ReqOp::ZONE_RESET }) {
		KUNIT_EXPECT_EQ(test,
				kxx_test_op(disk.raw(), static_cast<unsigned int>(op),
					    Full::zone_sectors, 0),
				0);
		KUNIT_EXPECT_TRUE(test, driver.op == op);
		KUNIT_EXPECT_EQ(test, driver.sector, Full::zone_sectors);
	}

	/* The block layer of newer kernels sends a write instead if the disk has no appends. */
	KUNIT_EXPECT_EQ(test,
			kxx_test_append(disk.raw(), 2 * Full::zone_sectors, page->bytes,
					disks::page_size, &written),
			0);
	KUNIT_EXPECT_TRUE(test, driver.op == ReqOp::ZONE_APPEND);
	KUNIT_EXPECT_EQ(test, written, 2 * Full::zone_sectors + 8);
	KUNIT_EXPECT_TRUE(test, driver.balanced());
}

static void broken_zones_are_an_error(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_zoned(zoned, true);

	KUNIT_EXPECT_FALSE(test, static_cast<bool>(made));
}

KXX_KUNIT_SUITE(
	kxx_kunit_blkdev, "kxx_blkdev", KXX_KUNIT_CASE(limits_are_the_queues_limits),
	KXX_KUNIT_CASE(discard_granularity_is_at_least_a_physical_block),
	KXX_KUNIT_CASE(limits_not_given_are_off), KXX_KUNIT_CASE(bad_limits_are_einval),
	KXX_KUNIT_CASE(bad_disk_is_einval), KXX_KUNIT_CASE(disk_not_added_waits_for_its_readers),
	KXX_KUNIT_CASE(bad_capacity_is_einval), KXX_KUNIT_CASE(capacity_and_mode_can_change),
	KXX_KUNIT_CASE(disk_can_be_made_read_only),
	KXX_KUNIT_CASE(every_operation_comes_as_what_it_is),
	KXX_KUNIT_CASE(operations_of_the_disk_reach_the_driver),
	KXX_KUNIT_CASE(file_outlives_its_disk), KXX_KUNIT_CASE(disk_waits_for_calls_of_its_driver),
	KXX_KUNIT_CASE(calls_reach_the_driver_until_its_last_request_has_ended),
	KXX_KUNIT_CASE(zones_are_the_disks_zones), KXX_KUNIT_CASE(broken_zones_are_an_error));
