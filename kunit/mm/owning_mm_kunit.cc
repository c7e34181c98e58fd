// SPDX-License-Identifier: GPL-2.0
/* owning_mm_kunit.cc - tests of <kxx/mm/owning_mm.hpp> */
#include <kxx/mm/drm_mm_scan.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/spinlock.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::Mode;

namespace {

/* Counts the living objects, and owns memory that could be leaked. */
struct Payload {
	Payload(int value, Box<int> owned) : value(value), owned(std::move(owned)) { alive++; }
	Payload(const Payload &) = delete;
	Payload &operator=(const Payload &) = delete;
	~Payload() { alive--; }

	int value;
	Box<int> owned;

	static inline int alive;
};

using Mm = drm::OwningMm<Payload>;
using Node = Mm::Node;
using FreeNode = Mm::FreeNode;
using Space = SpinLock<Mm>;

constexpr u64 start = 100;
constexpr u64 size = 64;

Result<Box<Space>> make_space() KXX_MAY_SLEEP
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(start, size)), "test");
}

Result<FreeNode> make_memory(int value) KXX_MAY_SLEEP
{
	return FreeNode::make(GFP_KERNEL, value, KXX_TRY(Box<int>::make(GFP_KERNEL, value)));
}

/* Reserves @size units at @at; the value of the node is @at. */
Result<void> reserve(Space &space, u64 at, u64 size) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(make_memory(static_cast<int>(at)));
	auto guard = space.lock();

	KXX_TRY(guard->reserve_node(std::move(memory), at, size));
	return {};
}

/* Reserves nodes of four units with holes of four units: [100, 104), [108, 112) and so on. */
constexpr int nr_spread = 8;

Result<Box<Space>> make_spread() KXX_MAY_SLEEP
{
	auto space = KXX_TRY(make_space());

	for (u64 at = start; at < start + size; at += size / nr_spread)
		KXX_TRY(reserve(*space, at, size / nr_spread / 2));
	return Result<Box<Space>>(std::move(space));
}

u64 nr_free(Mm &mm)
{
	u64 free = 0;

	for (auto [start, size] : mm.holes())
		free += size;
	return free;
}

} // namespace

static void insertions_lend_the_node(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_space());
	auto memory = KUNIT_ASSERT_VALUE(test, make_memory(1));
	auto low_memory = KUNIT_ASSERT_VALUE(test, make_memory(2));
	auto high_memory = KUNIT_ASSERT_VALUE(test, make_memory(3));
	auto exact_memory = KUNIT_ASSERT_VALUE(test, make_memory(4));
	auto guard = space->lock();
	auto any = KUNIT_ASSERT_VALUE(test, guard->insert_node(std::move(memory), 5));
	auto low = KUNIT_ASSERT_VALUE(
		test, guard->insert_node_generic(std::move(low_memory), 4, 16, 7, Mode::LOW));
	auto high =
		KUNIT_ASSERT_VALUE(test, guard->insert_node_in_range(std::move(high_memory), 3, 0,
								     8, 120, 130, Mode::HIGH));
	auto exact =
		KUNIT_ASSERT_VALUE(test, guard->reserve_node(std::move(exact_memory), 140, 24, 9));
	Node *nodes[] = { any, low, high, exact };
	constexpr struct {
		u64 start;
		u64 size;
		unsigned long color;
		int value;
	} expected[] = { { 100, 5, 0, 1 }, { 112, 4, 7, 2 }, { 127, 3, 8, 3 }, { 140, 24, 9, 4 } };

	for (unsigned int i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, nodes[i]->start(), expected[i].start);
		KUNIT_EXPECT_EQ(test, nodes[i]->size(), expected[i].size);
		KUNIT_EXPECT_EQ(test, nodes[i]->color(), expected[i].color);
		KUNIT_EXPECT_EQ(test, (*nodes[i])->value, expected[i].value);
		KUNIT_EXPECT_TRUE(test, nodes[i]->allocated());
	}
	KUNIT_EXPECT_EQ(test, nr_free(*guard), size - 5 - 4 - 3 - 24);
	guard->clear();
}

static void refused_insertion_leaves_the_memory_to_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto space = KUNIT_ASSERT_VALUE(test, make_space());
		auto memory = KUNIT_ASSERT_VALUE(test, make_memory(1));
		auto anywhere = [&](u64 size) {
			return ranges::errno_of(
				space->lock()->insert_node(std::move(memory), size));
		};
		auto generic = [&](u64 size, u64 alignment) {
			return ranges::errno_of(space->lock()->insert_node_generic(
				std::move(memory), size, alignment, 0, Mode::LOW));
		};
		auto between = [&](u64 size, u64 start, u64 end) {
			return ranges::errno_of(space->lock()->insert_node_in_range(
				std::move(memory), size, 0, 0, start, end, Mode::BEST));
		};
		auto reserve = [&](u64 start, u64 size) {
			return ranges::errno_of(
				space->lock()->reserve_node(std::move(memory), start, size));
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
		KUNIT_EXPECT_TRUE(test, space->lock()->clean());
		/* The failed insertions left the memory to the caller, so it can still be used. */
		KUNIT_EXPECT_EQ(test, Payload::alive, 1);
		KUNIT_EXPECT_EQ(test, anywhere(size), 0);
		space->lock()->clear();
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void nodes_are_found_by_their_place(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());
	auto guard = space->lock();
	int n = 0;
	Node *node = guard->interval_first(109, 130);

	KUNIT_ASSERT_TRUE(test, node != nullptr);
	KUNIT_EXPECT_EQ(test, (*node)->value, 108);
	KUNIT_EXPECT_EQ(test, *(*node)->owned, 108);
	KUNIT_EXPECT_TRUE(test, node->hole_follows());
	KUNIT_EXPECT_TRUE(test, guard->interval_first(108, 108) == node);
	KUNIT_EXPECT_TRUE(test, guard->interval_first(104, 107) == nullptr);
	KUNIT_EXPECT_TRUE(test, guard->interval_first(0, start - 1) == nullptr);
	KUNIT_EXPECT_TRUE(test, guard->interval_first(start + size, ~u64{ 0 }) == nullptr);
	for (Node &each : guard->nodes())
		KUNIT_EXPECT_EQ(test, each->value, start + static_cast<u64>(n++) * 8);
	KUNIT_EXPECT_EQ(test, n, nr_spread);
	/* Nodes that only overlap the range are included. */
	n = 0;
	for (Node &each : guard->nodes_in_range(111, 125))
		KUNIT_EXPECT_EQ(test, each->value, 108 + 8 * n++);
	KUNIT_EXPECT_EQ(test, n, 3);
	/* A node that only touches the range is not included. */
	n = 0;
	for (Node &each : guard->nodes_in_range(112, 124))
		KUNIT_EXPECT_EQ(test, each->value, 116 + 8 * n++);
	KUNIT_EXPECT_EQ(test, n, 1);
	n = 0;
	for (Node &each : guard->nodes_in_range(112, 116))
		n += each.allocated();
	for (Node &each : guard->nodes_in_range(120, 120))
		n += each.allocated();
	for (Node &each : guard->nodes_in_range(130, 110))
		n += each.allocated();
	KUNIT_EXPECT_EQ(test, n, 0);
	guard->clear();
}

static void lent_payload_can_be_written(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());
	int sum = 0;
	{
		auto guard = space->lock();

		for (Node &node : guard->nodes())
			node->value = 3;
	}
	space->with_locked([&](Mm &mm) {
		for (Node &node : mm.nodes())
			sum += (*node).value;
	});
	KUNIT_EXPECT_EQ(test, sum, 3 * nr_spread);
	space->lock()->clear();
}

static void removed_node_comes_back_with_its_payload(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());
	auto remove = [&](u64 at) -> Result<FreeNode> {
		auto guard = space->lock();
		Node *node = guard->interval_first(at, at);

		if (!node)
			return EINVAL;
		return guard->remove_node(*node);
	};
	auto nobody = remove(104);

	KUNIT_EXPECT_FALSE(test, nobody);
	{
		auto memory = KUNIT_ASSERT_VALUE(test, remove(116));

		KUNIT_EXPECT_EQ(test, (*memory)->value, 116);
		KUNIT_EXPECT_EQ(test, *(*memory)->owned, 116);
		KUNIT_EXPECT_FALSE(test, memory->allocated());
		/* The range is free, and the memory can be inserted again. */
		KUNIT_EXPECT_EQ(test, nr_free(*space->lock()), size / 2 + 4);
		KUNIT_EXPECT_TRUE(test, space->lock()->reserve_node(std::move(memory), 112, 12));
		KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread);
	}
	{
		auto removed = remove(123);

		KUNIT_EXPECT_TRUE(test, removed);
		/* The payload lives as long as the memory in @removed. */
		KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread - 1);
	KUNIT_EXPECT_EQ(test, nr_free(*space->lock()), size / 2 + 4);
	space->lock()->clear();
}

static void nodes_are_removed_while_iterating(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());
	int n = 0;
	{
		auto guard = space->lock();

		for (Node &node : guard->nodes())
			if (n++ % 2)
				auto removed = guard->remove_node(node);
		KUNIT_EXPECT_EQ(test, n, nr_spread);
		KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread / 2);
		n = 0;
		for (Node &node : guard->nodes())
			KUNIT_EXPECT_EQ(test, node->value, start + static_cast<u64>(n++) * 16);
		KUNIT_EXPECT_EQ(test, n, nr_spread / 2);
		/* Removes [116, 120) and [132, 136); four nodes were left. */
		for (Node &node : guard->nodes_in_range(105, 140))
			auto removed = guard->remove_node(node);
		KUNIT_EXPECT_EQ(test, Payload::alive, 2);
		KUNIT_EXPECT_EQ(test, nr_free(*guard), size - 8);
		for (Node &node : guard->nodes())
			auto removed = guard->remove_node(node);
		KUNIT_EXPECT_TRUE(test, guard->clean());
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void replacement_takes_over_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());
	auto memory = KUNIT_ASSERT_VALUE(test, make_memory(1));

	{
		auto guard = space->lock();
		Node *old = guard->interval_first(108, 108);

		KUNIT_ASSERT_TRUE(test, old != nullptr);

		Node *node = old;
		auto was = KUNIT_ASSERT_VALUE(test, guard->replace_node(node, std::move(memory)));

		KUNIT_EXPECT_TRUE(test, was.as_raw() == old);
		KUNIT_EXPECT_EQ(test, (*was)->value, 108);
		KUNIT_EXPECT_FALSE(test, was->allocated());
		KUNIT_EXPECT_TRUE(test, node != old);
		KUNIT_EXPECT_EQ(test, (*node)->value, 1);
		KUNIT_EXPECT_EQ(test, node->start(), 108);
		KUNIT_EXPECT_EQ(test, node->size(), 4);
		KUNIT_EXPECT_TRUE(test, guard->interval_first(108, 108) == node);
		KUNIT_EXPECT_EQ(test, nr_free(*guard), size / 2);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread);
	space->lock()->clear();
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void clear_frees_all_and_leaves_one_hole(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());

	KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread);
	KUNIT_EXPECT_FALSE(test, space->lock()->clean());
	space->lock()->clear();
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
	/* Clearing an empty allocator does nothing. */
	space->lock()->clear();
	KUNIT_EXPECT_TRUE(test, reserve(*space, start, size));
	KUNIT_EXPECT_EQ(test, nr_free(*space->lock()), 0);
	space->lock()->clear();
	KUNIT_EXPECT_EQ(test, nr_free(*space->lock()), size);
}

/* kmemleak would report the payloads' memory, and scripts/tests/kunit a warning in the log. */
static void nodes_that_are_left_go_with_the_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto made = KUNIT_ASSERT_VALUE(test, make_spread());

		KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

namespace {

/* Evicts nodes to make room for @size units. Returns the number of evicted nodes, or -ENOSPC. */
Result<int> try_evict(Mm &mm, u64 size, Mode mode)
{
	Node *evicted[nr_spread] = {};
	int nr = 0;
	{
		drm::MmScan scan(mm, size, 0, 0, mode);
		bool room = false;

		for (Node &node : mm.nodes())
			if (!room && KXX_TRY(scan.add_block(node)))
				room = true;
		while (auto block = scan.remove_block())
			if (block.evict)
				evicted[nr++] = block.node;
		if (!room)
			return ENOSPC;
	}
	for (Node *node : evicted)
		if (node)
			auto removed = mm.remove_node(*node);
	return nr;
}

int evict(Mm &mm, u64 size, Mode mode)
{
	auto evicted = try_evict(mm, size, mode);

	if (!evicted)
		return evicted.error().to_errno();
	return std::move(evicted).value();
}

} // namespace

static void eviction_makes_room(struct kunit *test) KXX_MAY_SLEEP
{
	auto space = KUNIT_ASSERT_VALUE(test, make_spread());
	auto memory = KUNIT_ASSERT_VALUE(test, make_memory(1));
	auto large_memory = KUNIT_ASSERT_VALUE(test, make_memory(2));

	{
		auto guard = space->lock();
		FreeNode free = std::move(memory);
		/* A lambda, since clang takes @free as consumed even if this fails. */
		auto insert = [&](u64 size) {
			return guard->insert_node_generic(std::move(free), size, 0, 0, Mode::EVICT);
		};

		KUNIT_EXPECT_EQ(test, ranges::errno_of(insert(12)), ENOSPC.to_errno());
		/* Evicts two nodes, which makes one hole with the holes beside them. */
		KUNIT_EXPECT_EQ(test, evict(*guard, 12, Mode::LOW), 2);
		KUNIT_EXPECT_EQ(test, Payload::alive, nr_spread - 2 + 2);

		auto inserted = KUNIT_ASSERT_VALUE(test, insert(12));

		KUNIT_EXPECT_EQ(test, inserted->start(), start);
		KUNIT_EXPECT_EQ(test, evict(*guard, size, Mode::BEST), nr_spread - 1);
		KUNIT_EXPECT_TRUE(test, guard->clean());

		auto all = guard->insert_node_generic(std::move(large_memory), size, 0, 0,
						      Mode::EVICT);

		KUNIT_EXPECT_TRUE(test, all);
		/* No eviction can make room for more than the whole range. */
		KUNIT_EXPECT_EQ(test, evict(*guard, size + 1, Mode::BEST), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, nr_free(*guard), 0);
		guard->clear();
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

namespace {

struct Device {
	int commands = 0;
};

/* The lock belongs to another object and protects more than the allocator. */
using Lock = SpinLock<Device>;
using Elsewhere = LockedBy<Mm, Lock>;

} // namespace

static void lock_of_another_object_opens_it(struct kunit *test) KXX_MAY_SLEEP
{
	auto range = KUNIT_ASSERT_VALUE(test, drm::MmRange::make(start, size));
	auto lock = KUNIT_ASSERT_VALUE(test, Box<Lock>::make(GFP_KERNEL));

	{
		auto space = KUNIT_ASSERT_VALUE(
			test, Box<Elsewhere>::make(GFP_KERNEL, *lock, range, "test"));
		auto memory = KUNIT_ASSERT_VALUE(test, make_memory(1));
		auto replacement = KUNIT_ASSERT_VALUE(test, make_memory(2));

		{
			auto guard = lock->lock();
			bool inserted = false;
			auto opened = space->with(guard, [&](Mm &mm) {
				auto lent = mm.insert_node(std::move(memory), 16);

				inserted = static_cast<bool>(lent);
			});

			guard->commands++;
			KUNIT_EXPECT_TRUE(test, opened);
			KUNIT_EXPECT_TRUE(test, inserted);
		}
		auto guard = lock->lock();
		auto looked = space->with(guard, [&](Mm &mm) {
			Node *node = mm.interval_first(start, start);

			KUNIT_ASSERT_TRUE(test, node != nullptr);
			KUNIT_EXPECT_EQ(test, (*node)->value, 1);
			KUNIT_EXPECT_TRUE(test, mm.replace_node(node, std::move(replacement)));
			KUNIT_EXPECT_EQ(test, (*node)->value, 2);
			{
				drm::MmScan scan(mm, size, 0, 0, Mode::LOW);

				bool room = KUNIT_ASSERT_VALUE(test, scan.add_block(*node));

				KUNIT_EXPECT_TRUE(test, room);

				auto block = scan.remove_block();

				KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
			}
			KUNIT_EXPECT_TRUE(test, mm.remove_node(*node));
			KUNIT_EXPECT_TRUE(test, mm.clean());
		});

		KUNIT_EXPECT_TRUE(test, looked);
		KUNIT_EXPECT_EQ(test, guard->commands, 1);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

KXX_KUNIT_SUITE(kxx_kunit_owning_mm, "kxx_owning_mm", KXX_KUNIT_CASE(insertions_lend_the_node),
		KXX_KUNIT_CASE(refused_insertion_leaves_the_memory_to_its_owner),
		KXX_KUNIT_CASE(nodes_are_found_by_their_place),
		KXX_KUNIT_CASE(lent_payload_can_be_written),
		KXX_KUNIT_CASE(removed_node_comes_back_with_its_payload),
		KXX_KUNIT_CASE(nodes_are_removed_while_iterating),
		KXX_KUNIT_CASE(replacement_takes_over_the_range),
		KXX_KUNIT_CASE(clear_frees_all_and_leaves_one_hole),
		KXX_KUNIT_CASE(nodes_that_are_left_go_with_the_allocator),
		KXX_KUNIT_CASE(eviction_makes_room),
		KXX_KUNIT_CASE(lock_of_another_object_opens_it));
