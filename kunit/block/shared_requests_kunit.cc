// SPDX-License-Identifier: GPL-2.0
/*
 * shared_requests_kunit.cc - tests of ARef<Request> in <kxx/block/blk-mq.hpp>: which reference
 * ends a request
 */
#include <optional>

#include <kxx/base/cpumask.hpp>
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/hrtimer.hpp>

#include "disks.hpp"
#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

/* Calls a function of the case for each request. */
class Sharing {
public:
	static constexpr bool shares_requests = true;
	using Rq = Owned<Request<Sharing>>;
	using Shared = ARef<Request<Sharing>>;

	struct Pdu {
		/* Mutable, since the Pdu of a shared request is const. */
		mutable HrTimer<Shared, Sharing> timer;
	};
	using Way = void (*)(const Sharing &disk, Rq rq);

	explicit Sharing(Way way) : way_(way) {}

	QueueStatus queue_rq(Rq rq) const
	{
		rq.start();
		begun++;
		way_(*this, std::move(rq));
		return QueueStatus::ok();
	}

	EhTimerReturn timeout(Shared rq) const
	{
		running++;
		timeouts++;
		/* If the timer has already expired, its handler ends the request. */
		if (auto cancelled = rq->pdu().timer.cancel()) {
			decided += cancelled->end(BlkStatus::TIMEOUT);
			decided += rq.end(BlkStatus::TIMEOUT);
		}
		running -= 1;
		return EhTimerReturn::DONE;
	}

	static void timer_expired(Shared rq)
	{
		const Sharing &disk = rq->queuedata();

		disk.running++;
		disk.expired++;
		disk.decided += rq.end(BlkStatus::OK);
		disk.running -= 1;
	}

	disks::PerCpu decided;
	disks::Seen<int> begun = 0, expired = 0, timeouts = 0;
	/* The timer and the timeout handler go on after they ended the request. */
	disks::Seen<int> running = 0;
	/* A value that the function of the case observed. */
	disks::Seen<int> seen = 0;

private:
	Way way_;
};

using Rq = Sharing::Rq;
using Shared = Sharing::Shared;

constexpr unsigned int size = 4096;
constexpr unsigned int depth = 4;

struct Page {
	alignas(size) unsigned char bytes[size] = {};
};

constexpr u64 msec = 1'000'000;
constexpr u64 hour = 3'600'000 * msec;

struct Outcome {
	int error;
	int begun, decided, expired, timeouts, seen;
};

/* Makes a disk that calls @way for each request, and sends one read to it. */
Result<Outcome> read(Sharing::Way way, unsigned int timeout_msecs = 0) KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(
		TagSet<Sharing>::make({ .queue_depth = depth, .timeout_msecs = timeout_msecs }));
	auto driver = KXX_TRY(Box<Sharing>::make(GFP_KERNEL, way));
	Sharing &sharing = *driver;
	/* Add the disk without capacity: add_disk() then reads no partition table. */
	auto disk = KXX_TRY(
		GenDisk<Sharing>::add(std::move(driver), std::move(tags), { .prefix = "kxxtest" }));
	auto page = KXX_TRY(Box<Page>::make(GFP_KERNEL));

	kxx_test_set_capacity(disk.raw(), 1024);

	int error = kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, 0, page->bytes, size);

	while (sharing.running)
		kxx_test_msleep(1);
	return Outcome{ error,		 sharing.begun,	   sharing.decided.read(),
			sharing.expired, sharing.timeouts, sharing.seen };
}

} // namespace

static void first_status_stands_when_the_last_user_goes(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &disk, Rq rq) {
		auto one = rq.share();
		auto other = one.share();

		disk.decided += other.end(BlkStatus::NOSPC);
		/* The request has not ended while one reference is left. */
		disk.seen = static_cast<int>(one->bytes());
		disk.decided += one.end(BlkStatus::OK);
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, outcome.begun, 1);
	KUNIT_EXPECT_EQ(test, outcome.decided, 1);
	KUNIT_EXPECT_EQ(test, outcome.seen, size);
}

static void user_that_only_looked_decides_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &disk, Rq rq) {
		auto one = rq.share();
		auto other = one.share();

		disk.decided += one.end(BlkStatus::OK);
		disk.seen = static_cast<int>(other->bytes());
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, 0);
	KUNIT_EXPECT_EQ(test, outcome.decided, 1);
	KUNIT_EXPECT_EQ(test, outcome.seen, size);
}

static void only_user_becomes_the_owner(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &disk, Rq rq) {
		auto one = rq.share();
		{
			auto other = one.share();

			disk.seen += one.try_unshare().has_value();
		}
		if (!one)
			return;
		if (auto owned = one.try_unshare()) {
			disk.seen += 10;
			owned->end(BlkStatus::NOTSUPP);
		}
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, EOPNOTSUPP.to_errno());
	KUNIT_EXPECT_EQ(test, outcome.seen, 10);
	KUNIT_EXPECT_EQ(test, outcome.decided, 0);
}

static void nobody_owns_what_has_a_status_already(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &disk, Rq rq) {
		auto one = rq.share();
		auto other = one.share();

		disk.decided += other.end(BlkStatus::NOSPC);
		disk.seen += one.try_unshare().has_value();
		if (one)
			disk.decided += one.end(BlkStatus::OK);
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, outcome.seen, 0);
	KUNIT_EXPECT_EQ(test, outcome.decided, 1);
}

static void timer_is_a_user(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &, Rq rq) {
		auto one = rq.share();
		auto &timer = one->pdu().timer;

		timer.start(one.share(), msec);
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, 0);
	KUNIT_EXPECT_EQ(test, outcome.expired, 1);
	KUNIT_EXPECT_EQ(test, outcome.decided, 1);
}

static void cancelled_timer_gives_its_user_back_once(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &disk, Rq rq) {
		auto one = rq.share();
		auto &timer = one->pdu().timer;

		disk.seen += timer.cancel().has_value();
		timer.start(one.share(), hour);
		if (auto cancelled = timer.cancel()) {
			disk.seen += 10;
			disk.decided += cancelled->end(BlkStatus::OK);
		}
		disk.seen += timer.cancel().has_value();
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, 0);
	KUNIT_EXPECT_EQ(test, outcome.seen, 10);
	KUNIT_EXPECT_EQ(test, outcome.expired, 0);
	KUNIT_EXPECT_EQ(test, outcome.decided, 1);
}

static void tag_finds_only_what_is_shared(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read([](const Sharing &disk, Rq rq) {
		auto hctx = rq->hctx();
		unsigned int tag = rq->tag();

		/* An owned request cannot be found by its tag. */
		disk.seen += hctx.tag_to_rq(tag).has_value();

		auto one = rq.share();

		if (auto found = hctx.tag_to_rq(tag)) {
			disk.seen += 10;
			disk.seen += (*found)->tag() != tag;
		}
		/* Unused tags belong to the block layer, and large ones do not exist. */
		for (unsigned int other = 0; other < depth + 3; other++)
			if (other != tag)
				disk.seen += hctx.tag_to_rq(other).has_value();
		disk.seen += hctx.tag_to_rq(~0u).has_value();
		/* "one" is the only reference again. */
		if (auto owned = one.try_unshare()) {
			disk.seen += 10;
			disk.seen += hctx.tag_to_rq(tag).has_value();
			owned->end(BlkStatus::OK);
			disk.seen += hctx.tag_to_rq(tag).has_value();
		}
	});
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, 0);
	KUNIT_EXPECT_EQ(test, outcome.seen, 20);
}

static void timeout_takes_the_request_from_the_timer(struct kunit *test) KXX_MAY_SLEEP
{
	auto done = read(
		[](const Sharing &, Rq rq) {
			auto one = rq.share();
			auto &timer = one->pdu().timer;

			timer.start(one.share(), hour);
		},
		100);
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, ETIMEDOUT.to_errno());
	KUNIT_EXPECT_EQ(test, outcome.timeouts, 1);
	KUNIT_EXPECT_EQ(test, outcome.expired, 0);
	KUNIT_EXPECT_EQ(test, outcome.decided, 1);
}

static void timeout_is_not_told_of_what_has_an_owner(struct kunit *test) KXX_MAY_SLEEP
{
	struct Late {
		static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }

		HrTimer<Rq, Late> timer;
	};
	static Late *late;
	auto box = KUNIT_ASSERT_VALUE(test, Box<Late>::make(GFP_KERNEL));

	late = &*box;

	/* Wait longer than the interval at which blk-mq looks for timed-out requests. */
	auto done = read(
		[](const Sharing &, Rq rq) { late->timer.start(std::move(rq), 3000 * msec); }, 100);
	auto outcome = KUNIT_ASSERT_VALUE(test, std::move(done));

	KUNIT_EXPECT_EQ(test, outcome.error, 0);
	KUNIT_EXPECT_EQ(test, outcome.timeouts, 0);
}

namespace {

/*
 * Every CPU reads. queue() starts a timer for its request, with varying delay. Then queue() looks
 * up each tag and cancels the timer of every request that it finds, including those of other
 * CPUs.
 */
struct Race {
	static constexpr int rounds = 2000;

	static void queue(const Sharing &disk, Rq rq)
	{
		auto hctx = rq->hctx();
		unsigned int tag = rq->tag();
		auto one = rq.share();
		auto &timer = one->pdu().timer;

		timer.start(one.share(), 1000 * (1 + static_cast<u64>(disk.begun) % 97));
		/* Look up all tags, to find requests of other CPUs as well. */
		for (unsigned int other = 0; other < depth; other++) {
			auto found = hctx.tag_to_rq((tag + other) % depth);

			if (!found)
				continue;
			if (auto cancelled = (*found)->pdu().timer.cancel())
				disk.decided += cancelled->end(BlkStatus::OK);
			disk.decided += found->end(BlkStatus::OK);
		}
	}

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &race = *static_cast<Race *>(data);
		auto page = Box<Page>::make(GFP_KERNEL);

		if (!page)
			return;

		Box<Page> box = std::move(page).value();
		int ended = 0;

		for (int i = 0; i < rounds; i++)
			ended += !kxx_test_bio(race.disk, KXX_REQ_OP_READ, 0, box->bytes, size);
		__atomic_fetch_add(&race.ended, ended, __ATOMIC_RELAXED);
	}

	struct gendisk *disk;
	int ended = 0;
};

} // namespace

static void each_request_ends_once_whoever_is_faster(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Sharing>::make({ .queue_depth = depth }));
		auto driver = KXX_TRY(Box<Sharing>::make(GFP_KERNEL, Race::queue));
		const disks::PerCpu &decided = driver->decided;
		auto disk = KXX_TRY(GenDisk<Sharing>::add(std::move(driver), std::move(tags),
							  { .prefix = "kxxtest" }));
		Race race{ disk.raw() };

		kxx_test_set_capacity(disk.raw(), 1024);
		KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Race::run, &race), 0);
		KUNIT_EXPECT_EQ(test, race.ended,
				Race::rounds * static_cast<int>(kxx_test_nr_online_cpus()));
		KUNIT_EXPECT_TRUE(test, decided.first.read() > 0);
		KUNIT_EXPECT_EQ(test, decided.others.read() > 0, kxx_test_nr_online_cpus() > 1);
		pr_info("kxx_shared_requests: %d ended on CPU 0, %d on the others\n",
			decided.first.read(), decided.others.read());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

namespace {

/* Keeps the hardware queue with the highest number, even after blk-mq has removed that queue. */
class Keeping {
public:
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Keeping>> rq) const
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	unsigned int poll(Hctx<Keeping>, IoCompBatch<Keeping> &) const { return 0; }

	Result<void> init_hctx(Hctx<Keeping> made) const
	{
		auto guard = last_.lock();
		auto &last = *guard;

		if (!last || last->queue_num() < made.queue_num())
			last.emplace(made);
		return {};
	}

	std::optional<Hctx<Keeping>> last() const
	{
		return last_.with_locked([](auto &last) { return last; });
	}

private:
	SpinLock<std::optional<Hctx<Keeping>>> last_;
};

} // namespace

static void tag_of_a_removed_queue_finds_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags =
		KUNIT_ASSERT_VALUE(test, TagSet<Keeping>::make({ .queues = { .poll_queues = 1 } }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Keeping>(tags.share(), {}));
	auto last = disk.driver().last();

	KUNIT_ASSERT_TRUE(test, last.has_value());
	KUNIT_EXPECT_EQ(test, last->queue_num(), 1);
	KUNIT_EXPECT_TRUE(test, tags->update_nr_hw_queues({}));
	KUNIT_EXPECT_FALSE(test, last->tag_to_rq(0).has_value());
}

static void tag_of_a_queue_without_cpus_finds_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	const unsigned int more = nr_cpu_ids() + 1;
	auto tags = KUNIT_ASSERT_VALUE(
		test, TagSet<Keeping>::make({ .queues = { .read_queues = more } }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Keeping>(tags.share(), {}));
	auto last = disk.driver().last();

	KUNIT_ASSERT_TRUE(test, last.has_value());
	KUNIT_EXPECT_EQ(test, last->queue_num(), more);
	KUNIT_EXPECT_FALSE(test, last->tag_to_rq(0).has_value());
}

KXX_KUNIT_SUITE(kxx_kunit_shared_requests, "kxx_shared_requests",
		KXX_KUNIT_CASE(first_status_stands_when_the_last_user_goes),
		KXX_KUNIT_CASE(user_that_only_looked_decides_nothing),
		KXX_KUNIT_CASE(only_user_becomes_the_owner),
		KXX_KUNIT_CASE(nobody_owns_what_has_a_status_already),
		KXX_KUNIT_CASE(timer_is_a_user),
		KXX_KUNIT_CASE(cancelled_timer_gives_its_user_back_once),
		KXX_KUNIT_CASE(tag_finds_only_what_is_shared),
		KXX_KUNIT_CASE(timeout_takes_the_request_from_the_timer),
		KXX_KUNIT_CASE(timeout_is_not_told_of_what_has_an_owner),
		KXX_KUNIT_CASE(each_request_ends_once_whoever_is_faster),
		KXX_KUNIT_CASE(tag_of_a_removed_queue_finds_nothing),
		KXX_KUNIT_CASE(tag_of_a_queue_without_cpus_finds_nothing));
