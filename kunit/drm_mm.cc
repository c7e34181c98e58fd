// SPDX-License-Identifier: GPL-2.0
/* drm_mm.cc - <kxx/drm/drm_mm.hpp> */
#include <kxx/drm/drm_mm.hpp>
#include <kxx/spinlock.hpp>

#include "kunit.hpp"

using namespace kxx;

namespace {

struct Payload {
	explicit Payload(int value = 0) : value(value) { alive++; }
	Payload(const Payload &) = delete;
	~Payload() { alive--; }

	int value;

	static inline int alive;
};

using Node = drm::Node<Payload>;
using FreeNode = drm::FreeNode<Payload>;
using Space = SpinLockIrq<drm::Mm>;

Result<Box<Space>> make_space(u64 start, u64 size) KXX_MAY_SLEEP
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(start, size)), "test");
}

Result<Node> insert(Space &space, u64 size, u64 alignment = 0,
		    drm::MmInsertMode mode = drm::MmInsertMode::BEST) KXX_MAY_SLEEP
{
	auto memory = KXX_TRY(FreeNode::make(GFP_KERNEL, 1));

	return space.lock()->insert_node_generic(std::move(memory), size, alignment, 0, mode);
}

void remove(Space &space, Node node)
{
	auto removed = space.lock()->remove_node(std::move(node));
}

/* The errno of a Result, 0 for success; what it holds goes back to @space. */
int outcome(Space &space, Result<Node> result)
{
	if (!result)
		return result.error().to_errno();
	remove(space, std::move(result).value());
	return 0;
}

} // namespace

static void range_that_is_empty_or_overflows_is_einval(struct kunit *test)
{
	auto empty = drm::MmRange::make(0, 0);
	auto wraps = drm::MmRange::make(2, ~u64{ 0 });
	auto whole = drm::MmRange::make(0, ~u64{ 0 });

	KUNIT_ASSERT_TRUE(test, !empty);
	KUNIT_EXPECT_EQ(test, empty.error().to_errno(), EINVAL.to_errno());
	KUNIT_ASSERT_TRUE(test, !wraps);
	KUNIT_EXPECT_EQ(test, wraps.error().to_errno(), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, whole);
}

static void nodes_fill_the_range_and_come_back(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto made = make_space(100, 10);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
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

static void mode_and_alignment_are_obeyed(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space(1, 99);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto low = insert(*space, 4, 16, drm::MmInsertMode::LOW);
	auto high = insert(*space, 4, 16, drm::MmInsertMode::HIGH);

	KUNIT_EXPECT_TRUE(test, low && high);
	if (low) {
		Node node = std::move(low).value();

		KUNIT_EXPECT_EQ(test, node.start(), 16);
		remove(*space, std::move(node));
	}
	if (high) {
		Node node = std::move(high).value();

		KUNIT_EXPECT_EQ(test, node.start(), 96);
		remove(*space, std::move(node));
	}
}

static void bad_sizes_are_errors_not_bugs(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space(0, 16);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto memory = FreeNode::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, memory);

	FreeNode node = std::move(memory).value();
	auto at = [&](u64 size, u64 start, u64 end) {
		return outcome(*space, space->with_locked([&](drm::Mm &mm) {
			return mm.insert_node_in_range(std::move(node), size, 0, 0, start, end,
						       drm::MmInsertMode::BEST);
		}));
	};
	auto reserve = [&](u64 start, u64 size) {
		return outcome(*space, space->with_locked([&](drm::Mm &mm) {
			return mm.reserve_node(std::move(node), start, size);
		}));
	};

	KUNIT_EXPECT_EQ(test, at(0, 0, 16), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, at(1, 8, 4), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, at(~u64{ 0 }, 0, ~u64{ 0 }), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, at(4, 14, 18), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, reserve(0, 0), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, reserve(2, ~u64{ 0 }), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, reserve(14, 4), ENOSPC.to_errno());
	/* None of them took the memory: it can still be used. */
	KUNIT_EXPECT_EQ(test, at(2, 14, 16), 0);
}

static void reserve_takes_exactly_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto memory = FreeNode::make(GFP_KERNEL);
	auto again = FreeNode::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, memory && again);

	auto reserved = space->lock()->reserve_node(std::move(memory).value(), 10, 20);

	KUNIT_ASSERT_TRUE(test, reserved);

	Node node = std::move(reserved).value();
	auto overlapping = space->lock()->reserve_node(std::move(again).value(), 29, 1);

	KUNIT_EXPECT_EQ(test, node.start(), 10);
	KUNIT_EXPECT_EQ(test, node.size(), 20);
	KUNIT_EXPECT_EQ(test, outcome(*space, std::move(overlapping)), ENOSPC.to_errno());
	remove(*space, std::move(node));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void failed_insert_leaves_the_memory_to_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto made = make_space(0, 4);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	{
		auto memory = FreeNode::make(GFP_KERNEL, 5);

		KUNIT_ASSERT_TRUE(test, memory);

		FreeNode node = std::move(memory).value();
		auto refused = space->lock()->insert_node(std::move(node), 5);

		KUNIT_EXPECT_FALSE(test, refused);
		KUNIT_EXPECT_EQ(test, Payload::alive, 1);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm, "kxx_drm_mm",
		KXX_KUNIT_CASE(range_that_is_empty_or_overflows_is_einval),
		KXX_KUNIT_CASE(nodes_fill_the_range_and_come_back),
		KXX_KUNIT_CASE(mode_and_alignment_are_obeyed),
		KXX_KUNIT_CASE(bad_sizes_are_errors_not_bugs),
		KXX_KUNIT_CASE(reserve_takes_exactly_the_range),
		KXX_KUNIT_CASE(failed_insert_leaves_the_memory_to_its_owner));
