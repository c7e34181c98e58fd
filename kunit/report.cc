// SPDX-License-Identifier: GPL-2.0
/*
 * report.cc - misuse that no compiler refuses: each case must leave its report in
 * the log, and nothing corrupted. One case a boot: lockdep, for one, is off after
 * the first.
 *
 * The mistakes are made through raw pointers, or clang would refuse this file.
 */
#include <optional>

#include <kxx/blk-mq.hpp>
#include <kxx/blkdev.hpp>
#include <kxx/drm/drm_mm.hpp>
#include <kxx/spinlock.hpp>

#include "kunit.hpp"
#include "testlib.h"

using namespace kxx;

namespace {

using Space = SpinLockIrq<drm::Mm>;

Result<Box<Space>> make_space()
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, 64)), "victim");
}

Result<drm::NodeStorage<drm::detail::NoPayload> *> insert_raw(Space &space, u64 size)
{
	auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

	return KXX_TRY(space.lock()->insert_node(std::move(memory), size)).into_raw();
}

/* A driver that drops each request, or ends it twice. */
struct Careless {
	using Rq = Owned<Request<Careless>>;

	explicit Careless(bool ends_twice) : ends_twice(ends_twice) {}

	QueueStatus queue_rq(Rq rq)
	{
		rq.start();
		if (!ends_twice)
			return QueueStatus::ok();
		end_twice(rq);
		return QueueStatus::ok();
	}

	static void end_twice(Rq &rq)
	{
		for (int i = 0; i < 2; i++)
			end(&rq);
	}
	/* Through a pointer, where clang does not see that it has ended. */
	static void end(Rq *rq) { rq->end(BlkStatus::OK); }

	bool ends_twice;
};

int read_from_careless(bool ends_twice)
{
	auto run = [ends_twice]() -> Result<int> {
		auto tags = KXX_TRY(TagSet<Careless>::make({}));
		auto driver = KXX_TRY(Box<Careless>::make(GFP_KERNEL, ends_twice));
		auto disk = KXX_TRY(GenDisk<Careless>::add(std::move(driver), std::move(tags), {},
							   "kxxtest", 0, 0));
		struct Page {
			alignas(4096) unsigned char bytes[4096];
		};
		auto page = KXX_TRY(Box<Page>::make(GFP_KERNEL));

		kxx_test_set_capacity(disk.raw(), 1024);
		return kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, 0, page->bytes, 4096);
	};
	auto ran = run();

	if (!ran)
		return ran.error().to_errno();
	return std::move(ran).value();
}

} // namespace

static void node_dropped_while_inserted(struct kunit *test)
{
	auto made = make_space();

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
	auto made = make_space();
	auto other = make_space();

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
	auto made = make_space();

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
	KUNIT_EXPECT_EQ(test, read_from_careless(false), EIO.to_errno());
}

static void request_ended_twice(struct kunit *test)
{
	/* The second end() finds nothing to end: the request itself is fine. */
	KUNIT_EXPECT_EQ(test, read_from_careless(true), 0);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_report, "kxx_report",
			   KXX_KUNIT_CASE(node_dropped_while_inserted),
			   KXX_KUNIT_CASE(node_removed_from_another_allocator),
			   KXX_KUNIT_CASE(node_outlives_its_allocator),
			   KXX_KUNIT_CASE(request_dropped_by_its_driver),
			   KXX_KUNIT_CASE(request_ended_twice));
