// SPDX-License-Identifier: GPL-2.0
/*
 * blk_mq_kunit.cc - tests of <kxx/block/blk-mq.hpp>, <kxx/block/blkdev.hpp> and
 * <kxx/sync/hrtimer.hpp>
 */
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/base/string.hpp>

#include "disks.hpp"
#include "../kunit.hpp"

using namespace kxx;
using disks::EndOnly;

namespace {

constexpr unsigned int size = 4096;

/* Counts what happens to the requests of the disk. */
class TestDisk {
public:
	using Rq = Owned<Request<TestDisk>>;
	enum class Way { END, COMPLETE, TIMER, GIVE_BACK_FIRST, REQUEUE_FIRST, IN_PARTS };

	struct Pdu {
		Pdu() { built++; }
		~Pdu() { destroyed++; }

		BlkStatus status = BlkStatus::OK;
		HrTimer<Rq, TestDisk> timer;

		static inline int built, destroyed;
	};

	TestDisk(Way way, BlkStatus status) : way_(way), status_(status) {}

	QueueStatus queue_rq(Rq rq) const
	{
		queued++;
		if (way_ == Way::GIVE_BACK_FIRST && queued == 1)
			return rq.give_back(Retry::RESOURCE);
		rq.start();
		sector = rq->pos();
		bytes = rq->bytes();
		op = rq->op();
		if (fill && !rq->for_each_segment([this](Segment &segment) -> Result<void> {
			    auto mapped = segment.kmap_local();

			    segments++;
			    memset(mapped.data(), fill, segment.size());
			    return {};
		    }))
			status_ = BlkStatus::IOERR;

		switch (way_) {
		case Way::REQUEUE_FIRST:
			if (queued == 1)
				rq.requeue(delay);
			else
				rq.end(status_);
			break;
		case Way::IN_PARTS:
			end_in_parts(std::move(rq));
			break;
		case Way::COMPLETE:
			rq->pdu().status = status_;
			rq.complete();
			break;
		case Way::TIMER: {
			auto &timer = rq->pdu().timer;

			rq->pdu().status = status_;
			timer.start(std::move(rq), 1000000);
			break;
		}
		default:
			rq.end(status_);
		}
		return QueueStatus::ok();
	}

	void complete(Rq rq) const
	{
		completed++;
		rq.end(rq->pdu().status);
	}

	static void timer_expired(Rq rq)
	{
		rq->queuedata().expired++;
		rq.end(rq->pdu().status);
	}

	/*
	 * Completes a quarter of the request, then half of it, and ends the rest with status_. If
	 * status_ is an error, passes more bytes than are left, which end_part() must accept.
	 */
	void end_in_parts(Rq rq) const
	{
		auto rest = rq.end_part(BlkStatus::OK, size / 4);

		if (!rest)
			return;
		parts++;

		auto last = rest->end_part(BlkStatus::OK, size / 2);

		if (!last)
			return;
		parts++;
		sector = (*last)->pos();
		bytes = (*last)->bytes();
		/*
		 * Count the last part before end_part(): the task that waits for the request
		 * reads the counter as soon as the request ends.
		 */
		parts++;
		if (last->end_part(status_, status_ == BlkStatus::OK ? size / 4 : size))
			parts++;
	}

	disks::Seen<unsigned long> delay = 0;
	disks::Seen<int> parts = 0, queued = 0, completed = 0, expired = 0, segments = 0;
	disks::Seen<sector_t> sector = 0;
	disks::Seen<unsigned int> bytes = 0;
	disks::Seen<ReqOp> op = ReqOp::FLUSH;
	disks::Seen<unsigned char> fill = 0;

private:
	Way way_;
	disks::Seen<BlkStatus> status_;
};

constexpr sector_t capacity = 1024;

struct Setup {
	GenDisk<TestDisk> disk;
	const TestDisk &driver;
};

Result<Setup> make(TestDisk::Way way, BlkStatus status = BlkStatus::OK,
		   sector_t sectors = capacity) KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(TagSet<TestDisk>::make({ .queue_depth = 4 }));
	auto driver = KXX_TRY(Box<TestDisk>::make(GFP_KERNEL, way, status));
	const TestDisk &borrowed = *driver;
	auto disk = KXX_TRY(GenDisk<TestDisk>::add(std::move(driver), std::move(tags),
						   { .prefix = "kxxtest", .capacity = sectors }));

	return Setup{ std::move(disk), borrowed };
}

/*
 * Adds the disk without capacity, so that add_disk() reads no partition table and the first
 * request is the read of the case.
 */
Result<Setup> make_quiet(TestDisk::Way way, BlkStatus status = BlkStatus::OK) KXX_MAY_SLEEP
{
	auto setup = KXX_TRY(make(way, status, 0));

	kxx_test_set_capacity(setup.disk.raw(), capacity);
	return setup;
}

struct Buffer {
	alignas(size) unsigned char bytes[size] = {};
};

} // namespace

/* Sends one read of a page at sector 8. Returns the bio's errno, or 1 if there is no memory. */
static int read(Setup &setup) KXX_MAY_SLEEP
{
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	if (!buffer)
		return 1;
	return kxx_test_bio(setup.disk.raw(), KXX_REQ_OP_READ, 8, std::move(buffer).value()->bytes,
			    size);
}

static void end_ends_the_bio(struct kunit *test) KXX_MAY_SLEEP
{
	auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::END));
	int before = setup.driver.queued;

	KUNIT_EXPECT_EQ(test, read(setup), 0);
	KUNIT_EXPECT_EQ(test, setup.driver.queued, before + 1);
	KUNIT_EXPECT_EQ(test, setup.driver.sector, 8);
	KUNIT_EXPECT_EQ(test, setup.driver.bytes, size);
	KUNIT_EXPECT_TRUE(test, setup.driver.op == ReqOp::READ);
}

static void end_gives_its_status_to_the_bio(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr BlkStatus all[] = {
		BlkStatus::NOTSUPP,
		BlkStatus::TIMEOUT,
		BlkStatus::NOSPC,
		BlkStatus::TRANSPORT,
		BlkStatus::TARGET,
		BlkStatus::RESV_CONFLICT,
		BlkStatus::MEDIUM,
		BlkStatus::PROTECTION,
		BlkStatus::IOERR,
		BlkStatus::AGAIN,
		BlkStatus::ZONE_OPEN_RESOURCE,
		BlkStatus::ZONE_ACTIVE_RESOURCE,
		BlkStatus::OFFLINE,
	};
	int last = 0;

	for (BlkStatus status : all) {
		auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::END, status));
		int error = kxx_test_blk_status_to_errno(static_cast<blk_status_t>(status));

		KUNIT_EXPECT_TRUE(test, error < 0 && error != last);
		last = error;

		KUNIT_EXPECT_EQ(test, read(setup), error);
		KUNIT_EXPECT_TRUE(test, errno_to_blk_status(Errno::from_errno(error)) == status);
	}
}

static void complete_ends_through_the_driver(struct kunit *test) KXX_MAY_SLEEP
{
	auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::COMPLETE));
	int before = setup.driver.completed;

	KUNIT_EXPECT_EQ(test, read(setup), 0);
	KUNIT_EXPECT_EQ(test, setup.driver.completed, before + 1);
}

static void timer_holds_the_request_until_it_expires(struct kunit *test) KXX_MAY_SLEEP
{
	auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::TIMER));
	int before = setup.driver.expired;
	u64 start = kxx_test_ktime_get_ns();

	KUNIT_EXPECT_EQ(test, read(setup), 0);
	KUNIT_EXPECT_TRUE(test, kxx_test_ktime_get_ns() - start >= 1000000);
	KUNIT_EXPECT_EQ(test, setup.driver.expired, before + 1);
}

static void request_given_back_is_sent_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::GIVE_BACK_FIRST));

	KUNIT_EXPECT_EQ(test, read(setup), 0);
	KUNIT_EXPECT_TRUE(test, setup.driver.queued >= 2);
}

static void requeued_request_comes_again(struct kunit *test) KXX_MAY_SLEEP
{
	for (unsigned long delay : { 0, 50 }) {
		auto setup = KUNIT_ASSERT_VALUE(test, make_quiet(TestDisk::Way::REQUEUE_FIRST));
		u64 start = kxx_test_ktime_get_ns();

		setup.driver.delay = delay;
		KUNIT_EXPECT_EQ(test, read(setup), 0);
		KUNIT_EXPECT_EQ(test, setup.driver.queued, 2);
		/* The delay counts in jiffies. On a busy host they lag behind, and catch up. */
		KUNIT_EXPECT_TRUE(test, kxx_test_ktime_get_ns() - start >= delay * 500'000);
	}
}

static void request_ends_in_parts(struct kunit *test) KXX_MAY_SLEEP
{
	for (auto status : { BlkStatus::OK, BlkStatus::IOERR }) {
		auto setup = KUNIT_ASSERT_VALUE(test, make_quiet(TestDisk::Way::IN_PARTS, status));

		KUNIT_EXPECT_EQ(test, read(setup), status == BlkStatus::OK ? 0 : EIO.to_errno());
		KUNIT_EXPECT_EQ(test, setup.driver.parts, 3);
		KUNIT_EXPECT_EQ(test, setup.driver.sector, 8 + 3 * size / 4 / 512);
		KUNIT_EXPECT_EQ(test, setup.driver.bytes, size / 4);
	}
}

static void segments_are_the_bytes_of_the_request(struct kunit *test) KXX_MAY_SLEEP
{
	auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::END));
	auto buffer = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	unsigned int filled = 0;

	setup.driver.segments = 0;
	setup.driver.fill = 0x5a;
	KUNIT_EXPECT_EQ(test,
			kxx_test_bio(setup.disk.raw(), KXX_REQ_OP_READ, 0, buffer->bytes, size), 0);
	for (unsigned char byte : buffer->bytes)
		filled += byte == 0x5a;
	KUNIT_EXPECT_EQ(test, filled, size);
	KUNIT_EXPECT_EQ(test, setup.driver.segments, 1);
}

static void pdu_lives_as_long_as_its_request(struct kunit *test) KXX_MAY_SLEEP
{
	TestDisk::Pdu::built = TestDisk::Pdu::destroyed = 0;
	{
		auto tags = KUNIT_ASSERT_VALUE(test, TagSet<TestDisk>::make({ .queue_depth = 4 }));

		KUNIT_EXPECT_EQ(test, TestDisk::Pdu::built, 4);
		KUNIT_EXPECT_EQ(test, TestDisk::Pdu::destroyed, 0);
	}
	KUNIT_EXPECT_EQ(test, TestDisk::Pdu::destroyed, 4);
}

static void absent_callback_is_null(struct kunit *test) KXX_MAY_SLEEP
{
	auto with = KUNIT_ASSERT_VALUE(test, TagSet<TestDisk>::make({}));
	auto without = KUNIT_ASSERT_VALUE(test, TagSet<EndOnly>::make({}));

	KUNIT_EXPECT_TRUE(test, kxx_test_has_op(with->raw(), KXX_OFFSETOF_blk_mq_ops_complete));
	KUNIT_EXPECT_FALSE(test, kxx_test_has_op(without->raw(), KXX_OFFSETOF_blk_mq_ops_complete));
}

static void bad_tag_set_is_an_error(struct kunit *test) KXX_MAY_SLEEP
{
	auto none = TagSet<EndOnly>::make({ .queue_depth = 0 });
	auto no_queue = TagSet<EndOnly>::make({ .queues = { .default_queues = 0 } });

	KUNIT_ASSERT_TRUE(test, !none && !no_queue);
	KUNIT_EXPECT_EQ(test, none.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, no_queue.error().to_errno(), EINVAL.to_errno());
}

static void bad_limits_are_einval(struct kunit *test)
{
	using Limits = QueueLimits;

	KUNIT_EXPECT_TRUE(test, Limits{}.validate());
	KUNIT_EXPECT_TRUE(
		test,
		(Limits{ .logical_block_size = 4096, .physical_block_size = 4096 }.validate()));
	KUNIT_EXPECT_EQ(test,
			(Limits{ .logical_block_size = 256, .physical_block_size = 512 }
				 .validate()
				 .to_errno()),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test,
			(Limits{ .logical_block_size = 2 * KXX_BLK_MAX_BLOCK_SIZE,
				 .physical_block_size = 2 * KXX_BLK_MAX_BLOCK_SIZE }
				 .validate()
				 .to_errno()),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test,
			(Limits{ .logical_block_size = 513, .physical_block_size = 1024 }
				 .validate()
				 .to_errno()),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test,
			(Limits{ .logical_block_size = 4096, .physical_block_size = 512 }
				 .validate()
				 .to_errno()),
			EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test,
			(Limits{ .logical_block_size = 512, .physical_block_size = 513 }
				 .validate()
				 .to_errno()),
			EINVAL.to_errno());
}

static void idle_disk_can_be_made_and_dropped_again(struct kunit *test) KXX_MAY_SLEEP
{
	for (int i = 0; i < 5; i++) {
		auto setup = KUNIT_ASSERT_VALUE(test, make(TestDisk::Way::COMPLETE));

		KUNIT_EXPECT_EQ(test, read(setup), 0);
	}
}

KXX_KUNIT_SUITE(kxx_kunit_blk_mq, "kxx_blk_mq", KXX_KUNIT_CASE(end_ends_the_bio),
		KXX_KUNIT_CASE(end_gives_its_status_to_the_bio),
		KXX_KUNIT_CASE(complete_ends_through_the_driver),
		KXX_KUNIT_CASE(timer_holds_the_request_until_it_expires),
		KXX_KUNIT_CASE(request_given_back_is_sent_again),
		KXX_KUNIT_CASE(requeued_request_comes_again), KXX_KUNIT_CASE(request_ends_in_parts),
		KXX_KUNIT_CASE(segments_are_the_bytes_of_the_request),
		KXX_KUNIT_CASE(pdu_lives_as_long_as_its_request),
		KXX_KUNIT_CASE(absent_callback_is_null), KXX_KUNIT_CASE(bad_tag_set_is_an_error),
		KXX_KUNIT_CASE(bad_limits_are_einval),
		KXX_KUNIT_CASE(idle_disk_can_be_made_and_dropped_again));
