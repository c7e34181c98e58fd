// SPDX-License-Identifier: GPL-2.0
/*
 * request_batch_kunit.cc - tests of <kxx/block/request_batch.hpp>: requests that wait and end
 * together
 */
#include <optional>
#include <utility>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/glue/sync/sched.h>
#include <kxx/sync/hrtimer.hpp>

#include "disks.hpp"
#include "race.hpp"
#include "../kunit.hpp"

using namespace kxx;

namespace {

constexpr unsigned int depth = 16;
constexpr u64 hour = 3'600'000'000'000;

/* Adds the requests of each list to a batch, and finishes the batch as @way says. */
class Batching : public disks::Counts {
public:
	enum class Way { END, COMPLETE, HOLD_SOFTIRQ, SINGLY, FAIL, TIMER };
	using Batch = RequestBatch<Batching>;

	struct Pdu {
		mutable HrTimer<Batch, Batching> timer;
	};

	Batching(Way way, TagSet<Batching> &tags, u64 nsec = 0)
		: way_(way), tags_(tags.raw()), nsec_(nsec)
	{
	}

	QueueStatus queue_rq(Owned<Request<Batching>> rq) const
	{
		rq.start();
		begun.inc();
		finish(Batch(std::move(rq)));
		return QueueStatus::ok();
	}

	void queue_rqs(RequestList<Batching> &list) const
	{
		Batch batch;

		while (auto rq = list.pop()) {
			rq->start();
			begun.inc();
			if (way_ == Way::SINGLY)
				finish(Batch(*std::move(rq)));
			else if (auto before = batch.add(*std::move(rq)))
				finish(*std::move(before));
		}
		if (batch)
			finish(std::move(batch));
	}

	void complete(Batch batch) const
	{
		in_own_task = kxx_current() == task_;
		completed.inc();
		batch.end(way_ == Way::FAIL ? BlkStatus::NOSPC : BlkStatus::OK);
	}

	static void timer_expired(Batch batch)
	{
		batch.first().queuedata().expired.inc();
		batch.end(BlkStatus::OK);
	}

	void timed_out(Owned<Request<Batching>> rq) const { rq.end(BlkStatus::TIMEOUT); }
	std::optional<Batch> take_back(const Request<Batching> &rq) const
	{
		auto taken = rq.pdu().timer.cancel();

		if (taken)
			taken_back.inc();
		return taken;
	}

	Atomic batches{ 0 }, completed{ 0 }, expired{ 0 }, taken_back{ 0 };
	/*
	 * Numbers of requests that are not marked as completed, and that have not ended. Set by
	 * HOLD_SOFTIRQ after batch.complete(), with softirqs disabled on this CPU.
	 */
	disks::Seen<int> in_flight = 0, not_ended = 0;
	disks::Seen<int> in_own_task = 0;

private:
	void finish(Batch batch) const
	{
		batches.inc();
		switch (way_) {
		case Way::END:
			batch.end(BlkStatus::OK);
			break;
		case Way::TIMER:
			wait(std::move(batch));
			break;
		case Way::HOLD_SOFTIRQ:
			kxx_test_local_bh_disable();
			batch.complete();
			in_flight = kxx_test_nr_in_flight(tags_);
			not_ended = completed.read() ? 0 : begun.read();
			kxx_test_local_bh_enable();
			break;
		default:
			batch.complete();
		}
	}

	void wait(Batch batch) const
	{
		auto &timer = batch.first().pdu().timer;

		timer.start(std::move(batch),
			    nsec_ ? nsec_ : static_cast<u64>(begun.read()) % 61 * 500);
	}

	const Way way_;
	const void *const task_ = kxx_current();
	struct blk_mq_tag_set *const tags_;
	const u64 nsec_;
};

using Way = Batching::Way;

struct Outcome {
	int good, begun, batches, completed, expired, taken_back, overtaken, in_flight, not_ended,
		in_own_task;
};

Result<Outcome> read(Way way, unsigned int nr, TagSetParameters parameters = {}, bool mixed = false,
		     u64 nsec = 0) KXX_MAY_SLEEP
{
	parameters.queue_depth = depth;
	/* A scheduler would pass the requests on one by one. */
	parameters.no_sched = true;

	auto tags = KXX_TRY(TagSet<Batching>::make(parameters));
	auto disk = KXX_TRY(disks::add<Batching>(tags.share(), {}, way, *tags, nsec));
	const Batching &driver = disk.driver();
	int overtaken = 0;
	int good = kxx_test_bios_in_order(disk.raw(), nr, mixed, &overtaken);

	return Outcome{ good,
			driver.begun.read(),
			driver.batches.read(),
			driver.completed.read(),
			driver.expired.read(),
			driver.taken_back.read(),
			overtaken,
			driver.in_flight,
			driver.not_ended,
			driver.in_own_task };
}

/*
 * Reads with all tags at once, and retries until all requests were in one batch: a new jiffy or
 * the migration of the task to another CPU splits the batch.
 */
Outcome read_together(struct kunit *test, Way way, TagSetParameters parameters = {},
		      u64 nsec = 0) KXX_MAY_SLEEP
{
	for (int i = 0; i < 1000; i++) {
		auto done = read(way, depth, parameters, false, nsec);

		KUNIT_EXPECT_TRUE(test, done);
		if (!done)
			break;

		Outcome outcome = std::move(done).value();

		KUNIT_EXPECT_EQ(test, outcome.begun, static_cast<int>(depth));
		if (outcome.batches == 1)
			return outcome;
	}
	KUNIT_EXPECT_TRUE(test, false);
	return {};
}

} // namespace

static void batch_completes_once_and_all_of_it_ends(struct kunit *test) KXX_MAY_SLEEP
{
	Outcome outcome = read_together(test, Way::COMPLETE);

	KUNIT_EXPECT_EQ(test, outcome.completed, 1);
	KUNIT_EXPECT_EQ(test, outcome.good, static_cast<int>(depth));
}

static void requests_of_a_batch_end_in_their_order(struct kunit *test) KXX_MAY_SLEEP
{
	auto singly = KUNIT_ASSERT_VALUE(test, read(Way::SINGLY, depth));
	int one_by_one = singly.overtaken;

	for (Way way : { Way::END, Way::COMPLETE })
		KUNIT_EXPECT_EQ(test, read_together(test, way).overtaken, one_by_one);
	KUNIT_EXPECT_EQ(test, read_together(test, Way::TIMER, {}, 1).overtaken, one_by_one);
}

static void error_ends_each_of_a_batch(struct kunit *test) KXX_MAY_SLEEP
{
	Outcome outcome = read_together(test, Way::FAIL);

	KUNIT_EXPECT_EQ(test, outcome.completed, 1);
	KUNIT_EXPECT_EQ(test, outcome.good, 0);
}

static void requests_of_two_hardware_queues_are_not_joined(struct kunit *test) KXX_MAY_SLEEP
{
	auto outcome = KUNIT_ASSERT_VALUE(
		test, read(Way::COMPLETE, depth,
			   { .queues = { .default_queues = 1, .read_queues = 1 } }, true));

	KUNIT_EXPECT_EQ(test, outcome.batches, static_cast<int>(depth));
	KUNIT_EXPECT_EQ(test, outcome.completed, static_cast<int>(depth));
	KUNIT_EXPECT_EQ(test, outcome.good, static_cast<int>(depth));
}

/*
 * RequestBatch::complete() marks all its requests as completed before any of them ends, so none
 * of them can time out in between. Needs two CPUs: if a hardware queue serves only one CPU,
 * blk-mq completes without softirq.
 */
static void all_of_a_batch_have_completed_before_they_end(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);
	for (int i = 0; i < 1000; i++) {
		Outcome outcome = read_together(test, Way::HOLD_SOFTIRQ);

		KUNIT_EXPECT_EQ(test, outcome.good, static_cast<int>(depth));
		KUNIT_EXPECT_EQ(test, outcome.in_flight, 0);
		/* Otherwise the softirq has already run on another CPU; try again. */
		if (outcome.not_ended)
			return;
	}
	KUNIT_EXPECT_TRUE(test, false);
}

static void softirq_of_one_queue_does_not_wait_for_ksoftirqd(struct kunit *test) KXX_MAY_SLEEP
{
	int in_own_task = 0;

	/*
	 * complete() runs in another task if the reader has migrated or ksoftirqd already runs,
	 * so require this only of most rounds.
	 */
	for (int i = 0; i < 20; i++) {
		auto done = KUNIT_ASSERT_VALUE(test, read(Way::COMPLETE, depth));

		in_own_task += Outcome(done).in_own_task;
	}
	KUNIT_EXPECT_TRUE(test, in_own_task > 10);
}

static void batch_waits_for_one_timer(struct kunit *test) KXX_MAY_SLEEP
{
	Outcome outcome = read_together(test, Way::TIMER, {}, 1'000'000);

	KUNIT_EXPECT_EQ(test, outcome.expired, 1);
	KUNIT_EXPECT_EQ(test, outcome.taken_back, 0);
	KUNIT_EXPECT_EQ(test, outcome.good, static_cast<int>(depth));
}

static void batch_that_waits_too_long_times_out(struct kunit *test) KXX_MAY_SLEEP
{
	Outcome outcome = read_together(test, Way::TIMER, { .timeout_msecs = 100 }, hour);

	KUNIT_EXPECT_EQ(test, outcome.expired, 0);
	KUNIT_EXPECT_EQ(test, outcome.taken_back, 1);
	KUNIT_EXPECT_EQ(test, outcome.good, 0);
}

/* Each batch waits for a timer, while other CPUs call the timeout handler for all requests. */
static void each_request_of_a_batch_ends_exactly_once(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags =
			KXX_TRY(TagSet<Batching>::make({ .queue_depth = depth, .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Batching>(tags.share(), {}, Way::TIMER, *tags));
		const Batching &driver = disk.driver();
		constexpr int at_once = 100 * depth;
		int rounds = 0, good = 0, expired, taken;

		/* On a busy machine one side may win each race for a while. */
		do {
			good += disks::race(test, disk, *tags, at_once, depth,
					    [](const Batching &) {});
			rounds += at_once;
			expired = driver.expired.read();
			taken = driver.taken_back.read();
		} while ((!expired || !taken) && rounds < 100 * at_once);

		/* kxx_test_bios() returned, so every request has ended. */
		KUNIT_EXPECT_EQ(test, driver.begun.read(), rounds);
		KUNIT_EXPECT_EQ(test, expired + taken, driver.batches.read());
		KUNIT_EXPECT_TRUE(test, driver.batches.read() < rounds);
		KUNIT_EXPECT_TRUE(test, expired > 0 && taken > 0);
		KUNIT_EXPECT_TRUE(test, good > 0 && good < rounds);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

KXX_KUNIT_SUITE(kxx_kunit_request_batch, "kxx_request_batch",
		KXX_KUNIT_CASE(batch_completes_once_and_all_of_it_ends),
		KXX_KUNIT_CASE(requests_of_a_batch_end_in_their_order),
		KXX_KUNIT_CASE(error_ends_each_of_a_batch),
		KXX_KUNIT_CASE(requests_of_two_hardware_queues_are_not_joined),
		KXX_KUNIT_CASE(all_of_a_batch_have_completed_before_they_end),
		KXX_KUNIT_CASE(softirq_of_one_queue_does_not_wait_for_ksoftirqd),
		KXX_KUNIT_CASE(batch_waits_for_one_timer),
		KXX_KUNIT_CASE(batch_that_waits_too_long_times_out),
		KXX_KUNIT_CASE(each_request_of_a_batch_ends_exactly_once));
