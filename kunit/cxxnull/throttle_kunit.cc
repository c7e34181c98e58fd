// SPDX-License-Identifier: GPL-2.0
/* throttle_kunit.cc - tests of src/cxxnull/throttle.hpp with disks of this suite */
#include "../../src/cxxnull/throttle.hpp"

#include "../block/disks.hpp"
#include "../kunit.hpp"

using namespace kxx;
using cxxnull::Throttle;

namespace {

constexpr unsigned int page_size = disks::page_size;
constexpr u64 ms = 1000000;

class Throttled {
public:
	using OwnedRequest = Owned<Request<Throttled>>;

	Throttled(Box<Throttle> throttle, disks::Counts &counts)
		: counts_(counts), throttle_(std::move(throttle))
	{
	}

	QueueStatus queue_rq(OwnedRequest rq) const KXX_MAY_SLEEP
	{
		counts_.begun.inc();
		return throttle_->queue_rq(std::move(rq), [this](OwnedRequest admitted) {
			admitted.start();
			counts_.ended.inc();
			admitted.end(BlkStatus::OK);
			return QueueStatus::ok();
		});
	}

private:
	/* "begun" counts all calls of queue_rq(), including those that gave the request back. */
	disks::Counts &counts_;
	Box<Throttle> throttle_;
};

struct Big {
	static constexpr unsigned int size = 32 * page_size;

	alignas(size) unsigned char bytes[size] = {};
};

/* 4 MiB in sectors. */
constexpr unsigned int many_sectors = 1 << 13;

Result<GenDisk<Throttled>> make(unsigned int mbps, disks::Counts &counts) KXX_MAY_SLEEP
{
	auto throttle = KXX_TRY(Throttle::make(mbps));
	auto tags = KXX_TRY(TagSet<Throttled>::make(
		{ .queues = { .default_queues = 2 }, .queue_depth = 32, .no_sched = true }));

	return disks::add<Throttled>(std::move(tags),
				     { .limits = { .max_hw_sectors = Big::size >> KXX_SECTOR_SHIFT,
						   .max_discard_sectors = many_sectors,
						   .max_write_zeroes_sectors = many_sectors,
						   .max_secure_erase_sectors = many_sectors } },
				     std::move(throttle), counts);
}

/* Returns the milliseconds that @f takes. */
template <typename F> u64 ms_of(F &&f) KXX_MAY_SLEEP
{
	u64 begin = kxx_test_ktime_get_ns();

	f();
	return (kxx_test_ktime_get_ns() - begin) / ms;
}

/*
 * Half a MiB, which takes half a second at 1 MiB/s. The budget of the first tick and one request
 * pass at once, so at least 450 ms remain. Without a limit, even an emulator needs only a third
 * of that.
 */
constexpr unsigned int pages = 128;
constexpr u64 least_ms = 450;

/* An upper limit that holds on a busy machine as well. */
constexpr u64 ages = 20000;

} // namespace

static void no_limit_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Throttle::make(0);

	KUNIT_ASSERT_TRUE(test, !made);
	KUNIT_EXPECT_EQ(test, made.error().to_errno(), EINVAL.to_errno());
}

static void requests_get_the_rate_that_was_asked_for(struct kunit *test) KXX_MAY_SLEEP
{
	disks::Counts counts;
	auto disk = KUNIT_ASSERT_VALUE(test, make(1, counts));
	u64 took = ms_of([&]() KXX_MAY_SLEEP {
		KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), pages, true), pages);
	});

	KUNIT_EXPECT_EQ(test, counts.ended.read(), pages);
	KUNIT_EXPECT_TRUE(test, counts.begun.read() > static_cast<int>(pages));
	KUNIT_EXPECT_TRUE(test, took >= least_ms);
	KUNIT_EXPECT_TRUE(test, took < ages);
}

static void requests_larger_than_a_ticks_budget_get_through(struct kunit *test) KXX_MAY_SLEEP
{
	disks::Counts counts;
	auto disk = KUNIT_ASSERT_VALUE(test, make(1, counts));
	auto big = KUNIT_ASSERT_VALUE(test, Box<Big>::make(GFP_KERNEL));

	/*
	 * The first read passes at once. Each further one must wait until the previous 128 KiB
	 * are paid for, except the budget of one tick.
	 */
	u64 took = ms_of([&]() KXX_MAY_SLEEP {
		for (int i = 0; i < 4; i++)
			KUNIT_EXPECT_EQ(
				test,
				kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, 0, big->bytes, Big::size),
				0);
	});

	KUNIT_EXPECT_EQ(test, counts.ended.read(), 4);
	KUNIT_EXPECT_TRUE(test, took >= 300);
	KUNIT_EXPECT_TRUE(test, took < ages);
}

static void requests_within_the_budget_do_not_wait(struct kunit *test) KXX_MAY_SLEEP
{
	disks::Counts counts;
	/* The largest limit has a budget of 819 MiB per tick. */
	auto disk = KUNIT_ASSERT_VALUE(test, make(~0u, counts));

	KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), 256, true), 256);
	KUNIT_EXPECT_EQ(test, counts.begun.read(), 256);
}

namespace {

/* Ends the test even if there is no limit. */
constexpr int most_reads = 100;

/* Returns the number of reads, of a page or of @big, that pass before one is given back. */
int reads_at_once(struct kunit *test, struct gendisk *disk, disks::Counts &counts,
		  Big *big = nullptr) KXX_MAY_SLEEP
{
	int read = 0;

	for (; read < most_reads; read++) {
		int before = counts.begun.read();

		KUNIT_EXPECT_EQ(test,
				big ? kxx_test_bio(disk, KXX_REQ_OP_READ, 0, big->bytes, Big::size)
				    : disks::read(disk),
				0);
		if (counts.begun.read() != before + 1)
			break;
	}
	return read;
}

} // namespace

static void exactly_a_tick_is_saved_up(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr u64 tick_bytes = (1 << 20) / Throttle::ticks_per_second;
	/* The last read may exceed the budget: it passes if any budget is left. */
	constexpr int pages_of_a_tick = (tick_bytes + page_size - 1) / page_size;
	disks::Counts counts;
	auto disk = KUNIT_ASSERT_VALUE(test, make(1, counts));

	/* Tests a new disk, then twice a disk whose timer had stopped and must start again. */
	for (int pause = 0; pause < 3; pause++) {
		int least = 0;

		/* A tick during the reads adds to the budget; try again then. */
		for (int i = 0; i < 20 && least != pages_of_a_tick; i++) {
			if (pause || i)
				kxx_test_msleep(600);
			least = reads_at_once(test, disk.raw(), counts);
			KUNIT_EXPECT_TRUE(test, least >= pages_of_a_tick);
		}
		KUNIT_EXPECT_EQ(test, least, pages_of_a_tick);
	}
}

static void budget_of_nothing_admits_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr unsigned int mbps = 25;
	/* The budget of a tick divides evenly, so it is used up to the byte. */
	constexpr int reads_of_a_tick = (mbps << 20) / Throttle::ticks_per_second / Big::size;
	disks::Counts counts;
	auto disk = KUNIT_ASSERT_VALUE(test, make(mbps, counts));
	auto big = KUNIT_ASSERT_VALUE(test, Box<Big>::make(GFP_KERNEL));
	int read = 0;

	for (int i = 0; i < 20 && read != reads_of_a_tick; i++) {
		if (i)
			kxx_test_msleep(600);
		read = reads_at_once(test, disk.raw(), counts, big.as_raw());
		KUNIT_EXPECT_TRUE(test, read >= reads_of_a_tick);
	}
	KUNIT_EXPECT_EQ(test, read, reads_of_a_tick);
}

static void timer_rests_when_nothing_is_used(struct kunit *test) KXX_MAY_SLEEP
{
	auto throttle = KUNIT_ASSERT_VALUE(test, Throttle::make(1));

	/* If the first call started the timer, the second call would find it armed and warn. */
	Throttle::timer_expired({ throttle.as_raw() });
	Throttle::timer_expired({ throttle.as_raw() });
}

static void requests_without_data_are_not_charged(struct kunit *test) KXX_MAY_SLEEP
{
	disks::Counts counts;
	auto disk = KUNIT_ASSERT_VALUE(test, make(1, counts));

	/* At 1 MiB/s, a charge for one of these would delay the next request. */
	for (auto op : { ReqOp::DISCARD, ReqOp::WRITE_ZEROES, ReqOp::SECURE_ERASE }) {
		KUNIT_EXPECT_EQ(
			test,
			kxx_test_op(disk.raw(), static_cast<unsigned int>(op), 0, many_sectors), 0);
		KUNIT_EXPECT_EQ(test, counts.begun.read(), counts.ended.read());
	}
	KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
	KUNIT_EXPECT_EQ(test, counts.begun.read(), counts.ended.read());
}

static void disk_goes_when_those_that_wait_have_ended(struct kunit *test) KXX_MAY_SLEEP
{
	disks::Counts counts;
	auto run = [test, &counts]() KXX_MAY_SLEEP -> Result<void> {
		auto disk = KXX_TRY(make(1, counts));

		for (int i = 0; i < 32; i++)
			KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		return {};
	};
	u64 took = ms_of([&]() KXX_MAY_SLEEP { KUNIT_EXPECT_TRUE(test, run()); });

	KUNIT_EXPECT_EQ(test, counts.ended.read(), 32);
	KUNIT_EXPECT_TRUE(test, took < ages);
}

namespace {

struct Readers {
	struct gendisk *disk;
	Atomic errors{ 0 };

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &readers = *static_cast<Readers *>(data);

		if (kxx_test_bios(readers.disk, pages, true) != pages)
			readers.errors.inc();
	}
};

} // namespace

static void cpus_share_the_rate(struct kunit *test) KXX_MAY_SLEEP
{
	disks::Counts counts;
	auto disk = KUNIT_ASSERT_VALUE(test, make(1, counts));
	Readers readers{ disk.raw() };
	unsigned int cpus = kxx_test_nr_online_cpus();
	u64 took = ms_of([&]() KXX_MAY_SLEEP {
		KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(readers.run, &readers), 0);
	});

	KUNIT_EXPECT_EQ(test, readers.errors.read(), 0);
	KUNIT_EXPECT_EQ(test, counts.ended.read(), cpus * pages);
	KUNIT_EXPECT_TRUE(test, took >= cpus * least_ms);
	KUNIT_EXPECT_TRUE(test, took < ages);
}

KXX_KUNIT_SUITE(kxx_kunit_throttle, "cxxnull_throttle", KXX_KUNIT_CASE(no_limit_is_einval),
		KXX_KUNIT_CASE(requests_get_the_rate_that_was_asked_for),
		KXX_KUNIT_CASE(requests_larger_than_a_ticks_budget_get_through),
		KXX_KUNIT_CASE(requests_within_the_budget_do_not_wait),
		KXX_KUNIT_CASE(exactly_a_tick_is_saved_up),
		KXX_KUNIT_CASE(budget_of_nothing_admits_nothing),
		KXX_KUNIT_CASE(timer_rests_when_nothing_is_used),
		KXX_KUNIT_CASE(requests_without_data_are_not_charged),
		KXX_KUNIT_CASE(disk_goes_when_those_that_wait_have_ended),
		KXX_KUNIT_CASE(cpus_share_the_rate));
