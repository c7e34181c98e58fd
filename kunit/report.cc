// SPDX-License-Identifier: GPL-2.0
/*
 * report.cc - misuse that no compiler refuses: each case must leave its report in
 * the log, and nothing corrupted.
 *
 * The mistakes are made through raw pointers, or clang would refuse this file.
 */
#include <optional>

#include <kxx/blk-mq.hpp>
#include <kxx/blkdev.hpp>
#include <kxx/drm/drm_mm.hpp>
#include <kxx/hrtimer.hpp>
#include <kxx/spinlock.hpp>

#include "kunit.hpp"
#include "testlib.h"

using namespace kxx;

namespace {

using Space = SpinLockIrq<drm::Mm>;

/* @name is the case's own, for its report to be told from those of the others. */
Result<Box<Space>> make_space(const char *name)
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, 64)), name);
}

Result<drm::NodeStorage<drm::detail::NoPayload> *> insert_raw(Space &space, u64 size)
{
	auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

	return KXX_TRY(space.lock()->insert_node(std::move(memory), size)).into_raw();
}

/* A driver that makes one mistake with each request. */
struct Careless {
	using Rq = Owned<Request<Careless>>;
	enum class Mistake { DROP, END_TWICE, GIVE_BACK_IN_COMPLETE, TIMER_AFTER_END };

	struct Pdu {
		HrTimer<Rq, Careless> timer;
	};

	explicit Careless(Mistake mistake) : mistake(mistake) {}

	QueueStatus queue_rq(Rq rq)
	{
		rq.start();
		switch (mistake) {
		case Mistake::DROP:
			break;
		case Mistake::END_TWICE:
			end(&rq);
			end(&rq);
			break;
		case Mistake::GIVE_BACK_IN_COMPLETE:
			rq.complete();
			break;
		case Mistake::TIMER_AFTER_END: {
			auto &timer = rq->pdu().timer;
			Rq *hidden = &rq;

			end(hidden);
			timer.start(std::move(*hidden), 1);
			break;
		}
		}
		return QueueStatus::ok();
	}

	void complete(Rq rq) { auto nobody_reads_it = rq.give_back(Retry::RESOURCE); }
	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }

	/* Through a pointer, where clang does not see that it has ended. */
	static void end(Rq *rq) { rq->end(BlkStatus::OK); }

	Mistake mistake;
};

int read_from(Careless::Mistake mistake)
{
	auto run = [mistake]() -> Result<int> {
		auto tags = KXX_TRY(TagSet<Careless>::make({}));
		auto driver = KXX_TRY(Box<Careless>::make(GFP_KERNEL, mistake));
		/* Without capacity, add_disk() itself reads nothing. */
		auto disk = KXX_TRY(GenDisk<Careless>::add(std::move(driver), std::move(tags), {},
							   "kxxtest", 0, 0));
		struct Page {
			alignas(4096) unsigned char bytes[4096];
		};
		auto page = KXX_TRY(Box<Page>::make(GFP_KERNEL));

		kxx_test_set_capacity(disk.raw(), 1024);
		return kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, static_cast<sector_t>(mistake) * 8,
				    page->bytes, 4096);
	};
	auto ran = run();

	if (!ran)
		return ran.error().to_errno();
	return std::move(ran).value();
}

} // namespace

static void node_dropped_while_inserted(struct kunit *test)
{
	auto made = make_space("node_dropped_while_inserted");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);
	{
		std::optional<drm::Node<>> dropped;

		dropped.emplace(drm::Node<>::from_raw(std::move(raw).value()));
	}
	/* The range stays taken, and the tree is still sound. */
	auto rest = insert_raw(*space, 48);

	KUNIT_ASSERT_TRUE(test, rest);
	KUNIT_EXPECT_FALSE(test, insert_raw(*space, 1));

	auto removed = space->lock()->remove_node(drm::Node<>::from_raw(std::move(rest).value()));

	KUNIT_EXPECT_TRUE(test, removed);
	/* The dropped node is listed, and its memory freed, as the allocator goes. */
}

static void node_removed_from_another_allocator(struct kunit *test)
{
	auto made = make_space("node_removed_from_another_allocator");
	auto other = make_space("node_removed_from_another_allocator");

	KUNIT_ASSERT_TRUE(test, made && other);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto removed = std::move(other).value()->lock()->remove_node(
		drm::Node<>::from_raw(std::move(raw).value()));

	KUNIT_ASSERT_TRUE(test, !removed);
	KUNIT_EXPECT_EQ(test, removed.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_FALSE(test, space->lock()->clean());
}

static void node_outlives_its_allocator(struct kunit *test)
{
	std::optional<Box<Space>> space;
	auto made = make_space("node_outlives_its_allocator");

	KUNIT_ASSERT_TRUE(test, made);
	space.emplace(std::move(made).value());

	auto raw = insert_raw(**space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	std::optional<drm::Node<>> late;

	late.emplace(drm::Node<>::from_raw(std::move(raw).value()));
	/* Lists the node and takes it out; then the node goes without a word. */
	space.reset();
	late.reset();
}

static void request_dropped_by_its_driver(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::DROP), EIO.to_errno());
}

static void request_ended_twice(struct kunit *test)
{
	/* The second end() finds nothing to end: the request itself is fine. */
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::END_TWICE), 0);
}

static void request_given_back_outside_queue_rq(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::GIVE_BACK_IN_COMPLETE), EIO.to_errno());
}

static void timer_started_with_nothing(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, read_from(Careless::Mistake::TIMER_AFTER_END), 0);
}

static void node_removed_twice(struct kunit *test)
{
	auto made = make_space("node_removed_twice");

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto raw = insert_raw(*space, 16);

	KUNIT_ASSERT_TRUE(test, raw);

	auto node = drm::Node<>::from_raw(std::move(raw).value());
	auto *hidden = &node;
	auto first = space->lock()->remove_node(std::move(node));
	auto second = space->lock()->remove_node(std::move(*hidden));

	KUNIT_EXPECT_TRUE(test, first);
	KUNIT_ASSERT_TRUE(test, !second);
	KUNIT_EXPECT_EQ(test, second.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void memory_inserted_twice(struct kunit *test)
{
	auto made = make_space("memory_inserted_twice");
	auto allocated = drm::FreeNode<>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<Space> space = std::move(made).value();
	drm::FreeNode<> memory = std::move(allocated).value();
	auto *hidden = &memory;
	auto first = space->lock()->insert_node(std::move(memory), 16);
	auto second = space->lock()->insert_node(std::move(*hidden), 16);

	KUNIT_ASSERT_TRUE(test, !second);
	KUNIT_EXPECT_EQ(test, second.error().to_errno(), EINVAL.to_errno());
	KUNIT_ASSERT_TRUE(test, first);

	auto removed = space->lock()->remove_node(std::move(first).value());

	KUNIT_EXPECT_TRUE(test, removed);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_report, "kxx_report", KXX_KUNIT_CASE(memory_inserted_twice),
			   KXX_KUNIT_CASE(node_dropped_while_inserted),
			   KXX_KUNIT_CASE(node_outlives_its_allocator),
			   KXX_KUNIT_CASE(node_removed_from_another_allocator),
			   KXX_KUNIT_CASE(node_removed_twice),
			   KXX_KUNIT_CASE(request_dropped_by_its_driver),
			   KXX_KUNIT_CASE(request_ended_twice),
			   KXX_KUNIT_CASE(request_given_back_outside_queue_rq),
			   KXX_KUNIT_CASE(timer_started_with_nothing));
