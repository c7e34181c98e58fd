// SPDX-License-Identifier: GPL-2.0
/* shared_mm_kunit.cc - tests of <kxx/mm/shared_mm.hpp>: references, nodes and lifetimes */
#include <optional>

#include "shared_mm.hpp"

using namespace kxx;
using namespace locks;
using namespace sharing;
using ranges::Mode;

static void insertions_get_what_they_ask_for(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space());
	auto memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 1));
	auto low_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 2));
	auto high_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 3));
	auto exact_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 4));
	auto any = KUNIT_ASSERT_VALUE(test, space.insert_node(std::move(memory), 5));
	auto low = KUNIT_ASSERT_VALUE(
		test, space.insert_node_generic(std::move(low_memory), 4, 16, 7, Mode::LOW));
	auto high =
		KUNIT_ASSERT_VALUE(test, space.insert_node_in_range(std::move(high_memory), 3, 0, 8,
								    120, 130, Mode::HIGH));
	auto exact =
		KUNIT_ASSERT_VALUE(test, space.reserve_node(std::move(exact_memory), 140, 24, 9));
	Node nodes[] = { std::move(any), std::move(low), std::move(high), std::move(exact) };
	constexpr struct {
		u64 start;
		u64 size;
		unsigned long color;
		int value;
	} expected[] = { { 100, 5, 0, 1 }, { 112, 4, 7, 2 }, { 127, 3, 8, 3 }, { 140, 24, 9, 4 } };

	for (unsigned int i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, nodes[i].start(), expected[i].start);
		KUNIT_EXPECT_EQ(test, nodes[i].size(), expected[i].size);
		KUNIT_EXPECT_EQ(test, nodes[i].color(), expected[i].color);
		KUNIT_EXPECT_EQ(test, nodes[i]->value, expected[i].value);
		KUNIT_EXPECT_EQ(test, (*nodes[i]).value, expected[i].value);
	}
	KUNIT_EXPECT_EQ(test, nr_free(space), size - 5 - 4 - 3 - 24);
}

static void refused_insertion_leaves_the_memory_to_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space());
		auto memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL));
		auto anywhere = [&](u64 size) {
			return ranges::errno_of(space.insert_node(std::move(memory), size));
		};
		auto generic = [&](u64 size, u64 alignment) {
			return ranges::errno_of(space.insert_node_generic(std::move(memory), size,
									  alignment, 0, Mode::LOW));
		};
		auto between = [&](u64 size, u64 start, u64 end) {
			return ranges::errno_of(space.insert_node_in_range(
				std::move(memory), size, 0, 0, start, end, Mode::BEST));
		};
		auto reserve = [&](u64 start, u64 size) {
			return ranges::errno_of(space.reserve_node(std::move(memory), start, size));
		};

		KUNIT_EXPECT_EQ(test, anywhere(0), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, anywhere(size + 1), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, generic(0, 0), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, generic(1, 1024), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, between(0, start, start + size), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, between(1, start + 8, start + 4), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, between(4, start, start + 3), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(start, 0), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(2, ~u64{ 0 }), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(start - 1, 2), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, reserve(start + size - 1, 2), ENOSPC.to_errno());
		KUNIT_EXPECT_TRUE(test, clean(space));
		/* The failed insertions left the memory to the caller, so it can still be used. */
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		KUNIT_EXPECT_EQ(test, anywhere(size), 0);
	}
	expect_all_gone(test);
}

static void dropped_node_gives_back_range_and_payload(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space());

	{
		auto node = KUNIT_ASSERT_VALUE(test, insert(space, size));
		auto refused = insert(space, 1);

		KUNIT_EXPECT_EQ(test, ranges::errno_of(refused), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, nr_free(space), 0);
		KUNIT_EXPECT_FALSE(test, clean(space));
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
	}
	KUNIT_EXPECT_EQ(test, nr_free(space), size);
	KUNIT_EXPECT_TRUE(test, clean(space));
	KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
	KUNIT_EXPECT_TRUE(test, insert(space, size));
}

static void node_keeps_the_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	{
		std::optional<Node> first;
		std::optional<Node> second;
		{
			auto space = KUNIT_ASSERT_VALUE(test, make_space());
			auto one = KUNIT_ASSERT_VALUE(test, insert(space, 16, 1));
			auto two = KUNIT_ASSERT_VALUE(test, insert(space, 16, 2));

			first.emplace(std::move(one));
			second.emplace(std::move(two));
		}
		/* The last SharedMm was destroyed; only the nodes keep the allocator. */
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, (*first)->value, 1);
		first.reset();
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		KUNIT_EXPECT_EQ(test, (*second)->value, 2);
		KUNIT_EXPECT_EQ(test, second->start(), start + 16);
		second.reset();
		KUNIT_EXPECT_EQ(test, allocators.get(), 0);
	}
	expect_all_gone(test);
}

static void user_keeps_the_allocator_without_its_nodes(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space());

		{
			auto inserted = insert(space, 16);

			KUNIT_EXPECT_TRUE(test, inserted);
		}
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_TRUE(test, insert(space, size));
	}
	expect_all_gone(test);
}

static void share_is_another_user_of_the_same_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	{
		std::optional<Space> first;
		auto made = KUNIT_ASSERT_VALUE(test, make_space());

		first.emplace(std::move(made));

		Space second = first->share();
		auto inserted = KUNIT_ASSERT_VALUE(test, insert(*first, size));

		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, ranges::errno_of(insert(second, 1)), ENOSPC.to_errno());
		/* One of three references is dropped; the other two keep the allocator. */
		first.reset();
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
		KUNIT_EXPECT_EQ(test, nr_free(second), 0);
		{
			Node node = std::move(inserted);
		}
		KUNIT_EXPECT_EQ(test, nr_free(second), size);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
	}
	expect_all_gone(test);
}

static void allocators_do_not_share_their_range(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto first = KUNIT_ASSERT_VALUE(test, make_space());
		auto second = KUNIT_ASSERT_VALUE(test, make_space());
		auto in_first = insert(first, size);
		auto in_second = insert(second, size);

		KUNIT_EXPECT_TRUE(test, in_first && in_second);
		KUNIT_EXPECT_EQ(test, allocators.get(), 2);
	}
	expect_all_gone(test);
}

static void moved_handles_are_dropped_once(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto first = KUNIT_ASSERT_VALUE(test, make_space());
		Space space = std::move(first);
		auto inserted = KUNIT_ASSERT_VALUE(test, insert(space, 16, 3));

		{
			Node from = std::move(inserted);
			Payload *payload = &*from;
			Node node = std::move(from);

			KUNIT_EXPECT_EQ(test, node->value, 3);
			/* Moving the node does not move its memory. */
			KUNIT_EXPECT_TRUE(test, &*node == payload);
			KUNIT_EXPECT_EQ(test, node.start(), start);
			KUNIT_EXPECT_EQ(test, nr_free(space), size - 16);
			KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		}
		KUNIT_EXPECT_TRUE(test, clean(space));
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 0);
		KUNIT_EXPECT_EQ(test, allocators.get(), 1);
	}
	expect_all_gone(test);
}

static void replacement_takes_over_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space());
		auto old_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 1));
		auto new_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 2));
		auto node = KUNIT_ASSERT_VALUE(
			test, space.reserve_node(std::move(old_memory), 110, 7, 5));

		{
			auto replaced =
				KUNIT_ASSERT_VALUE(test, node.replace_node(std::move(new_memory)));

			KUNIT_EXPECT_EQ(test, (*std::move(replaced))->value, 1);
		}
		KUNIT_EXPECT_EQ(test, Payload::alive.get(), 1);
		KUNIT_EXPECT_EQ(test, node->value, 2);
		KUNIT_EXPECT_EQ(test, node.start(), 110);
		KUNIT_EXPECT_EQ(test, node.size(), 7);
		KUNIT_EXPECT_EQ(test, node.color(), 5);
		KUNIT_EXPECT_EQ(test, nr_free(space), size - 7);
		/* A lookup finds the new node. */
		space.with_locked([&](const auto &mm) {
			KUNIT_EXPECT_EQ(test, (*mm.interval_first(116, 116))->value, 2);
		});
	}
	expect_all_gone(test);
}

static void with_locked_shows_nodes_and_holes(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space());
	auto low_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 1));
	auto high_memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 2));

	KUNIT_EXPECT_TRUE(test, clean(space));

	auto high = KUNIT_ASSERT_VALUE(test, space.reserve_node(std::move(high_memory), 140, 10));
	auto low = KUNIT_ASSERT_VALUE(test, space.reserve_node(std::move(low_memory), 110, 5));

	KUNIT_EXPECT_FALSE(test, clean(space));
	space.with_locked([&](const auto &mm) {
		int value = 0;
		u64 at = start;
		u64 nr_holes = 0;

		/* Nodes are sorted by their start, not by insertion. */
		for (auto &node : mm.nodes()) {
			KUNIT_EXPECT_EQ(test, node->value, ++value);
			KUNIT_EXPECT_TRUE(test, node.start() >= at);
			at = node.start() + node.size();
		}
		KUNIT_EXPECT_EQ(test, value, 2);
		KUNIT_EXPECT_EQ(test, at, 150);
		for (auto [hole, hole_size] : mm.holes()) {
			nr_holes++;
			KUNIT_EXPECT_TRUE(test, (hole == 100 && hole_size == 10) ||
							(hole == 115 && hole_size == 25) ||
							(hole == 150 && hole_size == 14));
		}
		KUNIT_EXPECT_EQ(test, nr_holes, 3);
		for (auto &node : mm.nodes_in_range(114, 140))
			KUNIT_EXPECT_EQ(test, node->value, 1);
		KUNIT_EXPECT_EQ(test, (*mm.interval_first(115, 163))->value, 2);
		KUNIT_EXPECT_TRUE(test, !mm.interval_first(115, 139));
		KUNIT_EXPECT_STREQ(test, mm.name(), "test");
	});
}

KXX_KUNIT_SUITE(kxx_kunit_shared_mm, "kxx_shared_mm",
		KXX_KUNIT_CASE(insertions_get_what_they_ask_for),
		KXX_KUNIT_CASE(refused_insertion_leaves_the_memory_to_its_owner),
		KXX_KUNIT_CASE(dropped_node_gives_back_range_and_payload),
		KXX_KUNIT_CASE(node_keeps_the_allocator),
		KXX_KUNIT_CASE(user_keeps_the_allocator_without_its_nodes),
		KXX_KUNIT_CASE(share_is_another_user_of_the_same_allocator),
		KXX_KUNIT_CASE(allocators_do_not_share_their_range),
		KXX_KUNIT_CASE(moved_handles_are_dropped_once),
		KXX_KUNIT_CASE(replacement_takes_over_the_range),
		KXX_KUNIT_CASE(with_locked_shows_nodes_and_holes));
