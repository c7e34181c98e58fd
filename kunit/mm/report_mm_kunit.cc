// SPDX-License-Identifier: GPL-2.0
/*
 * report_mm_kunit.cc - misuse of drm_mm that no compiler refuses
 *
 * Each case must leave its report in the log (scripts/tests/kunit checks that) and corrupt
 * nothing. kunit/base/report_kunit.cc has the misuse of other types.
 *
 * The mistakes are made through raw pointers, since clang's analyses would refuse the direct
 * form.
 */
#include <optional>

#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

#include "../kunit.hpp"

using namespace kxx;

namespace {

using Space = SpinLockIrq<drm::Mm<>>;

/* @name is the name of the case, so that its report can be told from others. */
Result<Box<Space>> make_space(const char *name) KXX_MAY_SLEEP
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(0, 64)), name);
}

Result<drm::MmNode<> *> insert_raw(Space &space, u64 size) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));

	return KXX_TRY(space.lock()->insert_node(std::move(memory), size)).into_raw();
}

template <typename T> int errno_of(const Result<T> &result)
{
	return result ? 0 : result.error().to_errno();
}

/* Checks that @space still works; it must have 48 free units in one hole. */
void expect_still_works(struct kunit *test, Space &space) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_EQ(test, errno_of(insert_raw(space, 49)), ENOSPC.to_errno());

	auto rest = KUNIT_ASSERT_VALUE(test, insert_raw(space, 48));
	auto removed = space.lock()->remove_node(drm::Node<>::from_raw(rest));

	KUNIT_EXPECT_TRUE(test, removed);
}

void expect_removal(struct kunit *test, Space &space, drm::MmNode<> *node)
{
	auto removed = space.lock()->remove_node(drm::Node<>::from_raw(node));

	KUNIT_EXPECT_TRUE(test, removed);
	KUNIT_EXPECT_TRUE(test, space.lock()->clean());
}

} // namespace

static void node_dropped_while_inserted(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("node_dropped_while_inserted"));
	auto raw = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));

	{
		std::optional<drm::Node<>> dropped;

		dropped.emplace(drm::Node<>::from_raw(raw));
	}
	/* The range stays allocated, and the tree is intact. */
	auto rest = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 48));

	KUNIT_EXPECT_FALSE(test, insert_raw(*space, 1));

	auto removed = space->lock()->remove_node(drm::Node<>::from_raw(rest));

	KUNIT_EXPECT_TRUE(test, removed);
	/* The destructor of the allocator reports the dropped node and frees its memory. */
}

static void node_removed_from_another_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("node_removed_from_another_allocator"));
	auto other = KUNIT_ASSERT_VALUE(test, make_space("node_removed_from_another_allocator"));
	auto raw = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));
	auto removed = other->lock()->remove_node(drm::Node<>::from_raw(raw));

	KUNIT_ASSERT_TRUE(test, !removed);
	KUNIT_EXPECT_EQ(test, removed.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_FALSE(test, space->lock()->clean());
	expect_still_works(test, *space);
}

static void node_of_an_allocator_that_was_there_before(struct kunit *test) KXX_MAY_SLEEP
{
	using Place = std::optional<drm::Mm<>>;
	auto whole = KUNIT_ASSERT_VALUE(test, drm::MmRange::make(0, 64));
	auto box = KUNIT_ASSERT_VALUE(test, Box<Place>::make(GFP_KERNEL));
	auto memory = KUNIT_ASSERT_VALUE(test, drm::FreeNode<>::make(GFP_KERNEL));
	Place &mm = *box;

	mm.emplace(whole, "node_of_an_allocator_that_was_there_before");

	auto inserted = KUNIT_ASSERT_VALUE(test, mm->insert_node(std::move(memory), 16));
	auto *raw = std::move(inserted).into_raw();

	/* The new allocator has the same address as the old one. */
	mm.reset();
	mm.emplace(whole, "node_of_an_allocator_that_was_there_before");

	auto removed = mm->remove_node(drm::Node<>::from_raw(raw));

	KUNIT_ASSERT_TRUE(test, !removed);
	KUNIT_EXPECT_EQ(test, removed.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, mm->clean());
}

static void node_replaced_in_another_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("node_replaced_in_another_allocator"));
	auto other = KUNIT_ASSERT_VALUE(test, make_space("node_replaced_in_another_allocator"));
	auto memory = KUNIT_ASSERT_VALUE(test, drm::FreeNode<>::make(GFP_KERNEL));
	auto *hidden = &memory;
	auto *old = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));
	auto node = drm::Node<>::from_raw(old);
	auto replaced = other->lock()->replace_node(node, std::move(memory));

	KUNIT_EXPECT_TRUE(test, !replaced);
	KUNIT_EXPECT_EQ(test, errno_of(replaced), EINVAL.to_errno());
	/* Both nodes are unchanged. */
	KUNIT_EXPECT_TRUE(test, node.as_raw() == old && old->allocated());
	KUNIT_EXPECT_TRUE(test, hidden->as_raw() && !(*hidden)->allocated());
	KUNIT_EXPECT_TRUE(test, other->lock()->clean());
	KUNIT_EXPECT_TRUE(test, space->lock()->replace_node(node, std::move(*hidden)));
	KUNIT_EXPECT_TRUE(test, space->lock()->remove_node(std::move(node)));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void node_outlives_its_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	std::optional<Box<Space>> space;
	auto made = KUNIT_ASSERT_VALUE(test, make_space("node_outlives_its_allocator"));

	space.emplace(std::move(made));

	auto raw = KUNIT_ASSERT_VALUE(test, insert_raw(**space, 16));

	std::optional<drm::Node<>> late;

	late.emplace(drm::Node<>::from_raw(raw));
	/* The allocator reports and removes the node, whose destructor then reports nothing. */
	space.reset();
	late.reset();
}

static void nodes_left_in_an_owning_mm(struct kunit *test) KXX_MAY_SLEEP
{
	using Owning = SpinLock<drm::OwningMm<>>;
	auto range = KUNIT_ASSERT_VALUE(test, drm::MmRange::make(0, 64));
	auto memory = KUNIT_ASSERT_VALUE(test, drm::FreeNode<>::make(GFP_KERNEL));
	auto space = KUNIT_ASSERT_VALUE(
		test, Box<Owning>::make(GFP_KERNEL, range, "nodes_left_in_an_owning_mm"));
	auto guard = space->lock();

	KUNIT_EXPECT_TRUE(test, guard->reserve_node(std::move(memory), 8, 16));
	/* The destructor of the allocator reports the node and frees it. */
}

static void node_removed_twice(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("node_removed_twice"));
	auto raw = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));
	auto node = drm::Node<>::from_raw(raw);
	auto *hidden = &node;
	auto first = space->lock()->remove_node(std::move(node));
	auto second = space->lock()->remove_node(std::move(*hidden));

	KUNIT_EXPECT_TRUE(test, first);
	KUNIT_ASSERT_TRUE(test, !second);
	KUNIT_EXPECT_EQ(test, second.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void node_of_an_owning_mm_removed_twice(struct kunit *test) KXX_MAY_SLEEP
{
	using Owning = SpinLock<drm::OwningMm<>>;
	auto range = KUNIT_ASSERT_VALUE(test, drm::MmRange::make(0, 64));
	auto memory = KUNIT_ASSERT_VALUE(test, drm::FreeNode<>::make(GFP_KERNEL));
	auto space = KUNIT_ASSERT_VALUE(
		test, Box<Owning>::make(GFP_KERNEL, range, "node_of_an_owning_mm_removed_twice"));
	auto guard = space->lock();
	drm::MmNode<> *node = KUNIT_ASSERT_VALUE(test, guard->insert_node(std::move(memory), 16));
	auto first = KUNIT_ASSERT_VALUE(test, guard->remove_node(*node));
	auto second = guard->remove_node(*node);

	KUNIT_ASSERT_TRUE(test, !second);
	KUNIT_EXPECT_EQ(test, second.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, guard->clean());

	/* The memory still belongs to the caller and can be inserted again. */
	auto again = KUNIT_ASSERT_VALUE(test, guard->insert_node(std::move(first), 64));

	KUNIT_EXPECT_TRUE(test, again == node);
	KUNIT_EXPECT_TRUE(test, guard->remove_node(*node));
}

static void memory_inserted_twice(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("memory_inserted_twice"));
	drm::FreeNode<> memory = KUNIT_ASSERT_VALUE(test, drm::FreeNode<>::make(GFP_KERNEL));
	auto *hidden = &memory;
	auto first = KUNIT_ASSERT_VALUE(test, space->lock()->insert_node(std::move(memory), 16));
	auto second = space->lock()->insert_node(std::move(*hidden), 16);

	KUNIT_EXPECT_EQ(test, second ? 0 : second.error().to_errno(), EINVAL.to_errno());
	auto removed = space->lock()->remove_node(std::move(first));

	KUNIT_EXPECT_TRUE(test, removed);
}

static void insertion_during_a_scan(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("insertion_during_a_scan"));
	auto memory = KUNIT_ASSERT_VALUE(test, drm::FreeNode<>::make(GFP_KERNEL));
	auto *hidden = &memory;
	auto *node = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));

	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);

		auto inserted = guard->insert_node(std::move(memory), 1);
		auto reserved = guard->reserve_node(std::move(*hidden), 40, 1);

		KUNIT_EXPECT_EQ(test, errno_of(inserted), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(reserved), ENOSPC.to_errno());
		KUNIT_EXPECT_TRUE(test, hidden->as_raw() && !(*hidden)->allocated());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, node);
}

static void node_removed_during_a_scan(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("node_removed_during_a_scan"));
	auto *node = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));

	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(guard->remove_node(drm::Node<>::from_raw(node))),
				EINVAL.to_errno());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
	}
	/* The removal failed, so the node is still allocated, and is freed with the allocator. */
	KUNIT_EXPECT_TRUE(test, node->allocated());
	expect_still_works(test, *space);
}

static void node_twice_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("node_twice_on_the_roster"));
	auto *node = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));

	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), EINVAL.to_errno());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, node);
}

static void node_of_another_allocator_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto space =
		KUNIT_ASSERT_VALUE(test, make_space("node_of_another_allocator_on_the_roster"));
	auto other =
		KUNIT_ASSERT_VALUE(test, make_space("node_of_another_allocator_on_the_roster"));
	auto *node = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));
	auto *others = KUNIT_ASSERT_VALUE(test, insert_raw(*other, 16));

	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		/* A node of another allocator is refused as the first block and as a later one. */
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*others)), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*others)), EINVAL.to_errno());

		auto block = scan.remove_block();

		KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		/* A refused node alone must not leave the allocator blocked. */
		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*others)), EINVAL.to_errno());
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, node);
	expect_still_works(test, *other);
	expect_removal(test, *other, others);
}

static void removed_node_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("removed_node_on_the_roster"));
	auto *node = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));
	auto removed =
		KUNIT_ASSERT_VALUE(test, space->lock()->remove_node(drm::Node<>::from_raw(node)));

	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), EINVAL.to_errno());
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());

	auto again = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));

	expect_still_works(test, *space);
	expect_removal(test, *space, again);
}

static void moved_node_on_the_roster(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("moved_node_on_the_roster"));
	auto raw = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 16));
	auto node = drm::Node<>::from_raw(raw);
	auto *hidden = &node;
	auto *moved = std::move(node).into_raw();
	{
		auto guard = space->lock();
		drm::MmScan scan(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*hidden)), EINVAL.to_errno());
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
	}
	expect_still_works(test, *space);
	expect_removal(test, *space, moved);
}

static void second_scan_at_work(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space("second_scan_at_work"));
	auto *node = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 8));
	auto *other = KUNIT_ASSERT_VALUE(test, insert_raw(*space, 8));

	{
		auto guard = space->lock();
		drm::MmScan first(*guard, 8, 0, 0, drm::MmInsertMode::BEST);
		drm::MmScan before(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(first.add_block(*node)), 0);
		KUNIT_EXPECT_EQ(test, errno_of(before.add_block(*other)), EBUSY.to_errno());

		/* A scan that is created now is refused too. */
		drm::MmScan after(*guard, 8, 0, 0, drm::MmInsertMode::BEST);

		KUNIT_EXPECT_EQ(test, errno_of(after.add_block(*other)), EBUSY.to_errno());
		KUNIT_EXPECT_FALSE(test, before.remove_block());
		KUNIT_EXPECT_FALSE(test, after.remove_block());
		/* The refused scans must not affect the first one. */
		KUNIT_EXPECT_EQ(test, errno_of(first.add_block(*other)), 0);

		auto last = first.remove_block();

		KUNIT_EXPECT_TRUE(test, last.node == other);
		KUNIT_EXPECT_TRUE(test, first.remove_block().node == node);
	}
	expect_still_works(test, *space);

	auto removed = space->lock()->remove_node(drm::Node<>::from_raw(other));

	KUNIT_EXPECT_TRUE(test, removed);
	expect_removal(test, *space, node);
}

KXX_KUNIT_SUITE_ON_REQUEST(
	kxx_kunit_report_mm, "kxx_report_mm", KXX_KUNIT_CASE(insertion_during_a_scan),
	KXX_KUNIT_CASE(memory_inserted_twice), KXX_KUNIT_CASE(moved_node_on_the_roster),
	KXX_KUNIT_CASE(node_dropped_while_inserted),
	KXX_KUNIT_CASE(node_of_an_allocator_that_was_there_before),
	KXX_KUNIT_CASE(node_of_an_owning_mm_removed_twice),
	KXX_KUNIT_CASE(node_of_another_allocator_on_the_roster),
	KXX_KUNIT_CASE(node_outlives_its_allocator), KXX_KUNIT_CASE(node_removed_during_a_scan),
	KXX_KUNIT_CASE(node_removed_from_another_allocator), KXX_KUNIT_CASE(node_removed_twice),
	KXX_KUNIT_CASE(node_replaced_in_another_allocator),
	KXX_KUNIT_CASE(node_twice_on_the_roster), KXX_KUNIT_CASE(nodes_left_in_an_owning_mm),
	KXX_KUNIT_CASE(removed_node_on_the_roster), KXX_KUNIT_CASE(second_scan_at_work));
