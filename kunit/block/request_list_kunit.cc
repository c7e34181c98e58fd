// SPDX-License-Identifier: GPL-2.0
/*
 * request_list_kunit.cc - tests of <kxx/block/request_list.hpp>: requests that arrive and end
 * together
 */
#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>

#include "disks.hpp"
#include "../kunit.hpp"

using namespace kxx;

namespace {

constexpr unsigned int depth = 32;

/* Takes requests from lists and ends them in a batch. */
class Batching : public disks::Counts {
public:
	enum class Way { BATCH, ONE_BY_ONE, FIRST_ONLY, PUT_BACK_ODD, LEAVE_ALL, FAIL_ODD };

	explicit Batching(Way way) : way_(way) {}

	QueueStatus queue_rq(Owned<Request<Batching>> rq) const
	{
		rq.start();
		begun.inc();
		singles++;
		if (rq->pos() != put_back[came_back++ % depth])
			out_of_order++;
		ended.inc();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	void queue_rqs(RequestList<Batching> &list) const
	{
		CompletionBatch<Batching> batch;

		lists++;
		if (way_ == Way::LEAVE_ALL)
			return;
		while (auto rq = list.pop()) {
			bool odd = in_lists++ % 2;

			if (odd && way_ == Way::PUT_BACK_ODD) {
				put_back[in_lists / 2 - 1] = (*rq)->pos();
				list.put_back(*std::move(rq));
				continue;
			}
			rq->start();
			begun.inc();
			ended.inc();
			if (way_ == Way::ONE_BY_ONE || way_ == Way::FIRST_ONLY)
				rq->end(BlkStatus::OK);
			else
				batch.end(*std::move(rq), odd && way_ == Way::FAIL_ODD
								  ? BlkStatus::IOERR
								  : BlkStatus::OK);
			if (way_ == Way::FIRST_ONLY)
				return;
		}
	}

	disks::Seen<int> lists = 0, in_lists = 0, singles = 0, out_of_order = 0;
	disks::Seen<unsigned int> came_back = 0;
	disks::Seen<sector_t> put_back[depth];

private:
	Way way_;
};

using Way = Batching::Way;

struct Outcome {
	int good, lists, in_lists, singles, out_of_order;
	bool balanced;
};

Result<Outcome> read(Way way, unsigned int nr) KXX_MAY_SLEEP
{
	/* A scheduler would pass the requests on one by one. */
	auto tags = KXX_TRY(TagSet<Batching>::make({ .queue_depth = depth, .no_sched = true }));
	auto disk = KXX_TRY(disks::add<Batching>(std::move(tags), {}, way));
	const Batching &driver = disk.driver();
	int good = kxx_test_bios(disk.raw(), nr, false);

	return Outcome{ good,		driver.lists,	     driver.in_lists,
			driver.singles, driver.out_of_order, driver.balanced() };
}

} // namespace

static void requests_come_in_lists_and_end_in_batches(struct kunit *test) KXX_MAY_SLEEP
{
	for (auto way : { Way::BATCH, Way::ONE_BY_ONE })
		for (int nr : { 1, 16, static_cast<int>(depth), 100 }) {
			auto outcome =
				KUNIT_ASSERT_VALUE(test, read(way, static_cast<unsigned int>(nr)));

			KUNIT_EXPECT_EQ(test, outcome.good, nr);
			KUNIT_EXPECT_EQ(test, outcome.in_lists + outcome.singles, nr);
			if (nr <= static_cast<int>(depth) / 2)
				KUNIT_EXPECT_EQ(test, outcome.lists, 1);
			/* A sleep for a free tag flushes the plug without queue_rqs(). */
			if (nr <= static_cast<int>(depth))
				KUNIT_EXPECT_EQ(test, outcome.in_lists, nr);
			else
				KUNIT_EXPECT_TRUE(test, outcome.in_lists);
			KUNIT_EXPECT_TRUE(test, outcome.balanced);
		}
}

static void what_is_put_back_comes_singly_and_in_order(struct kunit *test) KXX_MAY_SLEEP
{
	auto outcome = KUNIT_ASSERT_VALUE(test, read(Way::PUT_BACK_ODD, 16));

	KUNIT_EXPECT_EQ(test, outcome.good, 16);
	KUNIT_EXPECT_EQ(test, outcome.in_lists, 16);
	KUNIT_EXPECT_EQ(test, outcome.singles, 8);
	KUNIT_EXPECT_EQ(test, outcome.out_of_order, 0);
	KUNIT_EXPECT_TRUE(test, outcome.balanced);
}

static void what_is_left_on_the_list_comes_singly(struct kunit *test) KXX_MAY_SLEEP
{
	auto outcome = KUNIT_ASSERT_VALUE(test, read(Way::LEAVE_ALL, 16));

	KUNIT_EXPECT_EQ(test, outcome.good, 16);
	KUNIT_EXPECT_EQ(test, outcome.in_lists, 0);
	KUNIT_EXPECT_EQ(test, outcome.singles, 16);
	KUNIT_EXPECT_TRUE(test, outcome.balanced);
}

static void error_ends_alone_beside_a_batch(struct kunit *test) KXX_MAY_SLEEP
{
	auto outcome = KUNIT_ASSERT_VALUE(test, read(Way::FAIL_ODD, 16));

	KUNIT_EXPECT_EQ(test, outcome.good, 8);
	KUNIT_EXPECT_EQ(test, outcome.in_lists, 16);
	KUNIT_EXPECT_TRUE(test, outcome.balanced);
}

/*
 * A completion adds requests of another disk to the task's plug, which blk-mq has passed to
 * queue_rqs(). The driver must not get these, and none may be lost, whatever it leaves in the list.
 */
static void list_has_no_request_of_another_disk(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr int nr = 16;
	/* Only a queue_rqs() that may sleep may end a bio whose end_io submits another. */
	constexpr TagSetParameters parameters{ .queue_depth = depth,
					       .blocking = true,
					       .no_sched = true };

	for (auto way : { Way::ONE_BY_ONE, Way::FIRST_ONLY, Way::PUT_BACK_ODD }) {
		auto first = KUNIT_ASSERT_VALUE(
			test, disks::add<Batching>(
				      KUNIT_ASSERT_VALUE(test, TagSet<Batching>::make(parameters)),
				      {}, way));
		auto next = KUNIT_ASSERT_VALUE(
			test, disks::add<Batching>(
				      KUNIT_ASSERT_VALUE(test, TagSet<Batching>::make(parameters)),
				      { .index = 1 }, way));

		KUNIT_EXPECT_EQ(test, kxx_test_bios_of_two(first.raw(), next.raw(), nr), nr);
		KUNIT_EXPECT_EQ(test, first.driver().begun.read(), nr);
		KUNIT_EXPECT_EQ(test, next.driver().begun.read(), nr);
		KUNIT_EXPECT_TRUE(test, first.driver().balanced() && next.driver().balanced());
	}
}

KXX_KUNIT_SUITE(kxx_kunit_request_list, "kxx_request_list",
		KXX_KUNIT_CASE(requests_come_in_lists_and_end_in_batches),
		KXX_KUNIT_CASE(what_is_put_back_comes_singly_and_in_order),
		KXX_KUNIT_CASE(what_is_left_on_the_list_comes_singly),
		KXX_KUNIT_CASE(error_ends_alone_beside_a_batch),
		KXX_KUNIT_CASE(list_has_no_request_of_another_disk));
