// SPDX-License-Identifier: GPL-2.0
/* drm_mm_iteration_kunit.cc - tests of <kxx/mm/drm_mm.hpp>: iteration over nodes and holes */
#include <kxx/mm/drm_mm.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::fill;
using ranges::Mode;
using ranges::most;
using ranges::shuffled;

namespace {

using Arena = ranges::Arena<>;

/* Reserves a few dozen nodes with random holes between them. */
template <typename Arena> bool scatter(Arena &arena, u64 start, u64 size) KXX_MAY_SLEEP
{
	Random random(size);

	for (u64 at = start; at + 8 <= start + size; at += 8) {
		if (random.below(4) && !arena.reserve(at + random.below(3), 1 + random.below(6)))
			return false;
	}
	return true;
}

} // namespace

static void nodes_come_by_their_start(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr u64 n = 100;
	Random random(5);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 3 * n));
	auto numbers = KUNIT_ASSERT_VALUE(test, shuffled(n, random));
	u64 at = 0;

	for (u64 i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, arena->reserve(3 * numbers[i], 2));
	for (auto &node : (**arena).nodes()) {
		KUNIT_EXPECT_EQ(test, node.start(), at);
		KUNIT_EXPECT_TRUE(test, node.hole_follows());
		at += 3;
	}
	KUNIT_EXPECT_EQ(test, at, 3 * n);

	const Arena::Mm &borrowed = **arena;

	for (const auto &node : borrowed.nodes()) {
		at -= 3;
		KUNIT_EXPECT_EQ(test, node.start(), 3 * n - 3 - at);
	}
	KUNIT_EXPECT_EQ(test, at, 0);
}

static void no_nodes_are_no_iteration(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(10, 10));
	u64 n = 0;

	for (auto &node : (**arena).nodes())
		n += node.size();
	for (auto &node : (**arena).nodes_in_range(0, most))
		n += node.size();
	KUNIT_EXPECT_EQ(test, n, 0);
	KUNIT_EXPECT_TRUE(test, !(**arena).interval_first(0, most));
	KUNIT_ASSERT_TRUE(test, arena->reserve(10, 10));
	for (auto [start, size] : (**arena).holes())
		n += size;
	KUNIT_EXPECT_EQ(test, n, 0);
}

static void node_at_hand_may_be_removed_while_iterating(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr u64 n = 60;
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, n));

	for (u64 every = 1; every <= 4; every++) {
		u64 seen = 0;

		KUNIT_ASSERT_TRUE(test, fill(*arena, { .mode = Mode::LOW }) > 0);
		for (auto &node : (**arena).nodes()) {
			KUNIT_EXPECT_EQ(test, node.start(), seen);
			if (seen++ % every == 0)
				KUNIT_EXPECT_TRUE(test, arena->remove(node));
		}
		KUNIT_EXPECT_EQ(test, seen, n);
		KUNIT_EXPECT_EQ(test, arena->nr_nodes(), n - n / every);
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
	}
}

static void node_at_hand_may_be_removed_in_a_range(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4, .mode = Mode::LOW }) == 16);
	/* Removes the nodes that start at 8 to 28. */
	for (auto &node : (**arena).nodes_in_range(10, 29))
		KUNIT_EXPECT_TRUE(test, arena->remove(node));
	KUNIT_EXPECT_EQ(test, arena->nr_nodes(), 16 - 6);
	KUNIT_EXPECT_TRUE(test,
			  (**arena).interval_first(0, most) && !(**arena).interval_first(8, 31));
	for (auto &node : (**arena).nodes_in_range(0, most))
		KUNIT_EXPECT_TRUE(test, arena->remove(node));
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

/* Returns a hash of the matching nodes and their order. */
template <typename Nodes, typename Which> static u64 order_of(const Nodes &nodes, Which which)
{
	u64 order = 0;

	for (const auto &node : nodes)
		if (which(node))
			order = order * 1000003 + reinterpret_cast<u64>(&node);
	return order;
}

static void expect_nodes_in_range(struct kunit *test, Arena &arena, u64 start, u64 end)
{
	const Arena::Mm &borrowed = *arena;
	auto every = [](const drm::MmNodeBase &) { return true; };
	u64 expected = order_of(borrowed.nodes(), [=](const drm::MmNodeBase &node) {
		return start < end && node.start() < end && node.start() + node.size() > start;
	});

	KUNIT_EXPECT_EQ(test, order_of((*arena).nodes_in_range(start, end), every), expected);
	KUNIT_EXPECT_EQ(test, order_of(borrowed.nodes_in_range(start, end), every), expected);
}

static void nodes_in_range_are_those_that_overlap_it(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, end;
	} some[] = {
		{ 0, 100 },   { 0, 101 },   { 0, most },   { 0, 1 },	   { 600, most },
		{ 611, 612 }, { 612, 613 }, { 612, most }, { 100, 612 },   { 0, 0 },
		{ 300, 300 }, { 300, 200 }, { most, 0 },   { most, most }, { most - 1, most }
	};
	Random random(9);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(100, 512));

	KUNIT_ASSERT_TRUE(test, scatter(*arena, 100, 512));
	KUNIT_ASSERT_TRUE(test, arena->nr_nodes() > 20 && arena->nr_holes() > 10);
	for (auto [start, end] : some)
		expect_nodes_in_range(test, *arena, start, end);
	for (int i = 0; i < 200; i++) {
		u64 start = 80 + random.below(560);

		expect_nodes_in_range(test, *arena, start, start + random.below(60));
	}
	/* Also without a hole at either end of the allocator. */
	fill(*arena, {});
	for (auto [start, end] : some)
		expect_nodes_in_range(test, *arena, start, end);
}

static void interval_first_is_the_lowest_node_in_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	Random random(11);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(100, 512));
	const Arena::Mm &borrowed = **arena;

	KUNIT_ASSERT_TRUE(test, scatter(*arena, 100, 512));
	for (int i = 0; i < 300; i++) {
		u64 start = 80 + random.below(560);
		u64 last = i % 50 == 0 ? most : start + random.below(20);
		const drm::MmNode<> *lowest = nullptr;

		for (const auto &node : borrowed.nodes()) {
			if (!lowest && node.start() <= last && node.start() + node.size() > start)
				lowest = &node;
		}
		KUNIT_EXPECT_TRUE(test, borrowed.interval_first(start, last) == lowest);
		KUNIT_EXPECT_TRUE(test, (**arena).interval_first(start, last) == lowest);
	}
}

static void holes_come_with_the_most_recent_first(struct kunit *test) KXX_MAY_SLEEP
{
	const u64 removed[] = { 8, 32, 20, 0, 44 };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 48));

	size_t n = 5;

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4, .mode = Mode::LOW }) == 12);
	for (u64 at : removed)
		KUNIT_ASSERT_TRUE(test, arena->remove_at(at));
	for (auto [start, size] : (**arena).holes()) {
		KUNIT_ASSERT_TRUE(test, n > 0);
		KUNIT_EXPECT_EQ(test, start, removed[--n]);
		KUNIT_EXPECT_EQ(test, size, 4);
	}
	KUNIT_EXPECT_EQ(test, n, 0);
}

static void hole_at_either_end_is_seen(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(100, 30));
	auto reserved = KUNIT_ASSERT_VALUE(test, arena->reserve(110, 10));
	u64 ends = 0;

	for (auto [start, size] : (**arena).holes()) {
		KUNIT_EXPECT_EQ(test, size, 10);
		ends += start;
	}
	KUNIT_EXPECT_EQ(test, ends, 100 + 120);
	KUNIT_EXPECT_TRUE(test, reserved->hole_follows());
	KUNIT_ASSERT_TRUE(test, arena->reserve(120, 10));
	KUNIT_EXPECT_FALSE(test, (**arena).interval_first(110, 110)->hole_follows());
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_iteration, "kxx_drm_mm_iteration",
		KXX_KUNIT_CASE(nodes_come_by_their_start),
		KXX_KUNIT_CASE(no_nodes_are_no_iteration),
		KXX_KUNIT_CASE(node_at_hand_may_be_removed_while_iterating),
		KXX_KUNIT_CASE(node_at_hand_may_be_removed_in_a_range),
		KXX_KUNIT_CASE(nodes_in_range_are_those_that_overlap_it),
		KXX_KUNIT_CASE(interval_first_is_the_lowest_node_in_the_range),
		KXX_KUNIT_CASE(holes_come_with_the_most_recent_first),
		KXX_KUNIT_CASE(hole_at_either_end_is_seen));
