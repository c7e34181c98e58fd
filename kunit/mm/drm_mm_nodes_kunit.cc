// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_nodes_kunit.cc - tests of <kxx/mm/drm_mm.hpp>: nodes, their memory and their payload
 *
 * Nodes are inserted, moved, replaced and removed.
 */
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::fill;
using ranges::Mode;
using ranges::modes;
using ranges::most;

namespace {

struct Payload {
	explicit Payload(int value = 0) : value(value) { alive++; }
	Payload(const Payload &) = delete;
	Payload &operator=(const Payload &) = delete;
	~Payload() { alive--; }

	int value;

	static inline int alive;
};

using Arena = ranges::Arena<>;
using Mm = drm::Mm<Payload>;
using Node = drm::Node<Payload>;
using FreeNode = drm::FreeNode<Payload>;
using Space = SpinLockIrq<Mm>;

Result<Box<Space>> make_space(u64 start, u64 size) KXX_MAY_SLEEP
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(start, size)), "test");
}

/* Returns a node in a Result, as a function of a driver would. */
Result<Node> insert(Space &space, u64 size) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL, 1));
	Node node = KXX_TRY(space.lock()->insert_node(std::move(memory), size));

	return node;
}

void remove(Space &space, Node node)
{
	auto removed = space.lock()->remove_node(std::move(node));
}

/* Returns the errno of a Result, or 0 after removing its node from @space. */
int outcome(Space &space, Result<Node> result)
{
	if (!result)
		return result.error().to_errno();
	remove(space, std::move(result).value());
	return 0;
}

} // namespace

static void nodes_fill_a_locked_range_and_come_back(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto space = KUNIT_ASSERT_VALUE(test, make_space(100, 10));
	auto first = insert(*space, 6);
	auto second = insert(*space, 4);

	KUNIT_ASSERT_TRUE(test, first && second);

	Node a = std::move(first).value();
	Node b = std::move(second).value();

	KUNIT_EXPECT_EQ(test, a.size(), 6);
	KUNIT_EXPECT_EQ(test, b.size(), 4);
	KUNIT_EXPECT_TRUE(test, a.start() >= 100 && a.start() + 6 <= 110);
	KUNIT_EXPECT_TRUE(test, a.start() + 6 <= b.start() || b.start() + 4 <= a.start());
	KUNIT_EXPECT_EQ(test, a->value, 1);
	KUNIT_EXPECT_EQ(test, Payload::alive, 2);
	KUNIT_EXPECT_EQ(test, outcome(*space, insert(*space, 1)), ENOSPC.to_errno());
	remove(*space, std::move(a));
	KUNIT_EXPECT_EQ(test, outcome(*space, insert(*space, 6)), 0);
	remove(*space, std::move(b));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void bad_sizes_are_errors_not_bugs(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space(0, 16));
	auto node = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL));

	auto at = [&](u64 size, u64 start, u64 end) {
		return outcome(*space, space->with_locked([&](Mm &mm) {
			return mm.insert_node_in_range(std::move(node), size, 0, 0, start, end,
						       Mode::BEST);
		}));
	};
	auto reserve = [&](u64 start, u64 size) {
		return outcome(*space, space->with_locked([&](Mm &mm) {
			return mm.reserve_node(std::move(node), start, size);
		}));
	};

	KUNIT_EXPECT_EQ(test, at(0, 0, 16), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, at(1, 8, 4), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, at(most, 0, most), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, at(4, 14, 18), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, reserve(0, 0), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, reserve(2, most), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, reserve(14, 4), ENOSPC.to_errno());
	/* The failed insertions left the memory to the caller, so it can still be used. */
	KUNIT_EXPECT_EQ(test, at(2, 14, 16), 0);
}

static void failed_insertion_leaves_the_memory_to_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto space = KUNIT_ASSERT_VALUE(test, make_space(0, 4));

	{
		auto memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 5));
		auto *where = memory.as_raw();
		auto refused = [&](auto insertion) {
			return outcome(*space, space->with_locked(insertion)) &&
			       memory.as_raw() == where && Payload::alive == 1;
		};

		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.insert_node(std::move(memory), 5);
				  }));
		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.insert_node(std::move(memory), 0);
				  }));
		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.insert_node_generic(std::move(memory), 5, 4, 0,
									Mode::HIGH);
				  }));
		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.insert_node_in_range(std::move(memory), 1, 0, 0,
									 4, 8, Mode::LOW);
				  }));
		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.insert_node_in_range(std::move(memory), 1, 0, 0,
									 3, 2, Mode::LOW);
				  }));
		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.reserve_node(std::move(memory), 3, 2);
				  }));
		KUNIT_EXPECT_TRUE(test, refused([&](Mm &mm) {
					  return mm.reserve_node(std::move(memory), most, 2);
				  }));
		KUNIT_EXPECT_EQ(test, memory->operator*().value, 5);
		KUNIT_EXPECT_TRUE(test, space->lock()->clean());
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void reserve_takes_exactly_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space(0, 64));
	auto memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL));
	auto node =
		KUNIT_ASSERT_VALUE(test, space->lock()->reserve_node(std::move(memory), 10, 20, 7));

	KUNIT_EXPECT_EQ(test, node.start(), 10);
	KUNIT_EXPECT_EQ(test, node.size(), 20);
	KUNIT_EXPECT_EQ(test, node.color(), 7);
	remove(*space, std::move(node));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void replace_hands_over_the_range_and_gives_the_old_memory(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto space = KUNIT_ASSERT_VALUE(test, make_space(0, 64));
	auto first = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 1));
	auto second = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 2));
	auto node =
		KUNIT_ASSERT_VALUE(test, space->lock()->reserve_node(std::move(first), 10, 20, 7));
	auto *old = node.as_raw();
	auto replaced = space->lock()->replace_node(node, std::move(second));

	KUNIT_EXPECT_TRUE(test, replaced);
	if (replaced) {
		FreeNode memory = std::move(replaced).value();

		KUNIT_EXPECT_TRUE(test, memory.as_raw() == old);
		KUNIT_EXPECT_EQ(test, (**memory).value, 1);
		KUNIT_EXPECT_FALSE(test, memory->allocated());
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 1);
	KUNIT_EXPECT_EQ(test, node->value, 2);
	KUNIT_EXPECT_EQ(test, node.start(), 10);
	KUNIT_EXPECT_EQ(test, node.size(), 20);
	KUNIT_EXPECT_EQ(test, node.color(), 7);
	KUNIT_EXPECT_TRUE(test, space->lock()->interval_first(0, most) == node.as_raw());
	remove(*space, std::move(node));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void expect_replacements(struct kunit *test, Mode mode) KXX_MAY_SLEEP
{
	constexpr u64 n = 32;
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(100, 3 * n));

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 3, .mode = mode }) == n);
	for (u64 at = 100; at < 100 + 3 * n; at += 3) {
		auto memory = Arena::FreeNode::make(GFP_KERNEL);
		auto *old = (**arena).interval_first(at, at);

		KUNIT_ASSERT_TRUE(test, memory && old);

		auto node = Arena::Node::from_raw(old);
		auto replaced = (**arena).replace_node(node, std::move(memory).value());
		auto *now = std::move(node).into_raw();

		KUNIT_EXPECT_TRUE(test, replaced && now != old);
		KUNIT_EXPECT_TRUE(test, now->start() == at && now->size() == 3);
		KUNIT_EXPECT_TRUE(test, (**arena).interval_first(at, at + 2) == now);
	}
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	KUNIT_EXPECT_EQ(test, arena->nr_nodes(), n);
}

static void replacement_keeps_a_full_allocator_full_in_every_mode(struct kunit *test) KXX_MAY_SLEEP
{
	for (Mode mode : modes)
		expect_replacements(test, mode);
}

static void payload_lives_as_long_as_the_memory(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto space = KUNIT_ASSERT_VALUE(test, make_space(0, 16));

	{
		auto allocated = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 3));

		KUNIT_EXPECT_EQ(test, Payload::alive, 1);

		auto node = KUNIT_ASSERT_VALUE(test,
					       space->lock()->insert_node(std::move(allocated), 4));

		KUNIT_EXPECT_EQ(test, Payload::alive, 1);
		KUNIT_EXPECT_EQ(test, node->value, 3);
		(*node).value = 4;

		auto memory = KUNIT_ASSERT_VALUE(test, space->lock()->remove_node(std::move(node)));

		/* The node is in no allocator, and its payload lives until @memory is destroyed. */
		KUNIT_EXPECT_EQ(test, Payload::alive, 1);
		KUNIT_EXPECT_EQ(test, (**memory).value, 4);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void payload_stays_where_it_is_when_the_node_moves(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space(0, 16));
	auto memory = KUNIT_ASSERT_VALUE(test, FreeNode::make(GFP_KERNEL, 3));
	const Payload *where = &**memory;
	auto node = KUNIT_ASSERT_VALUE(test, space->lock()->insert_node(std::move(memory), 4));
	Node moved = std::move(node);

	KUNIT_EXPECT_TRUE(test, &*moved == where);

	auto *raw = std::move(moved).into_raw();

	KUNIT_EXPECT_TRUE(test, &**raw == where);
	KUNIT_EXPECT_TRUE(test, raw->allocated());

	Node back = Node::from_raw(raw);

	KUNIT_EXPECT_TRUE(test, back.as_raw() == raw);
	KUNIT_EXPECT_TRUE(test, &**space->lock()->interval_first(0, 15) == where);
	remove(*space, std::move(back));
}

static void memory_of_a_removed_node_can_be_inserted_anywhere(struct kunit *test) KXX_MAY_SLEEP
{
	auto one = KUNIT_ASSERT_VALUE(test, Arena::make(0, 16));
	auto other = KUNIT_ASSERT_VALUE(test, Arena::make(100, 16));
	auto allocated = KUNIT_ASSERT_VALUE(test, Arena::FreeNode::make(GFP_KERNEL));
	auto *memory = std::move(allocated).into_raw();

	for (u64 i = 0; i < 8; i++) {
		Arena &arena = i % 3 ? *one : *other;
		auto node = KUNIT_ASSERT_VALUE(
			test, (*arena).insert_node_generic(Arena::FreeNode::from_raw(memory), i + 1,
							   0, i, modes[i % 4]));

		KUNIT_EXPECT_TRUE(test, node.as_raw() == memory);
		KUNIT_EXPECT_TRUE(test, node.size() == i + 1 && node.color() == i);
		KUNIT_EXPECT_TRUE(test, arena.is_sound());

		auto removed = KUNIT_ASSERT_VALUE(test, (*arena).remove_node(std::move(node)));

		memory = std::move(removed).into_raw();
		KUNIT_EXPECT_FALSE(test, memory->allocated());
		KUNIT_EXPECT_TRUE(test, arena.is_one_hole());
	}

	auto freed = Arena::FreeNode::from_raw(memory);
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_nodes, "kxx_drm_mm_nodes",
		KXX_KUNIT_CASE(nodes_fill_a_locked_range_and_come_back),
		KXX_KUNIT_CASE(bad_sizes_are_errors_not_bugs),
		KXX_KUNIT_CASE(failed_insertion_leaves_the_memory_to_its_owner),
		KXX_KUNIT_CASE(reserve_takes_exactly_the_range),
		KXX_KUNIT_CASE(replace_hands_over_the_range_and_gives_the_old_memory),
		KXX_KUNIT_CASE(replacement_keeps_a_full_allocator_full_in_every_mode),
		KXX_KUNIT_CASE(payload_lives_as_long_as_the_memory),
		KXX_KUNIT_CASE(payload_stays_where_it_is_when_the_node_moves),
		KXX_KUNIT_CASE(memory_of_a_removed_node_can_be_inserted_anywhere));
