// SPDX-License-Identifier: GPL-2.0
/* drm_mm_color_kunit.cc - tests of <kxx/mm/drm_mm.hpp>: colors, and color_adjust() */
#include <kxx/mm/drm_mm.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::errno_of;
using ranges::fill;
using ranges::Mode;
using ranges::modes;
using ranges::most;

namespace {

using Arena = ranges::Arena<>;
using GuardedArena = ranges::Arena<drm::NoPayload, ranges::Guarded>;

/* Refuses every hole while "refuses" is set. */
struct Moody {
	static void color_adjust(const drm::MmNodeBase &, const drm::MmNodeBase &, unsigned long,
				 u64 &start, u64 &end)
	{
		if (refuses)
			start = end;
	}

	static inline bool refuses;
};

/* Tries to widen each hole to the whole range of u64. */
struct Greedy {
	static void color_adjust(const drm::MmNodeBase &, const drm::MmNodeBase &, unsigned long,
				 u64 &start, u64 &end)
	{
		start = 0;
		end = most;
	}
};

/* Records the arguments of color_adjust(). */
struct Witness {
	static void color_adjust(const drm::MmNodeBase &before, const drm::MmNodeBase &after,
				 unsigned long color, u64 &start, u64 &end)
	{
		before_color = before.allocated() ? static_cast<long>(before.color()) : -1;
		after_color = after.allocated() ? static_cast<long>(after.color()) : -1;
		color_of_ends = (before.allocated() ? 0 : before.color()) |
				(after.allocated() ? 0 : after.color());
		asked_color = color;
		asked_start = start;
		asked_end = end;
		calls++;
	}

	/* -1 if the neighbour is an end of the allocator. */
	static inline long before_color, after_color;
	static inline unsigned long color_of_ends, asked_color;
	static inline u64 asked_start, asked_end, calls;
};

} // namespace

static void replacement_does_not_ask_color_adjust(struct kunit *test) KXX_MAY_SLEEP
{
	using MoodyArena = ranges::Arena<drm::NoPayload, Moody>;

	Moody::refuses = false;

	auto arena = KUNIT_ASSERT_VALUE(test, MoodyArena::make(0, 64));
	auto memory = KUNIT_ASSERT_VALUE(test, MoodyArena::FreeNode::make(GFP_KERNEL));
	auto reserved = KUNIT_ASSERT_VALUE(test, arena->reserve(8, 8));
	auto node = MoodyArena::Node::from_raw(reserved);

	Moody::refuses = true;
	KUNIT_EXPECT_EQ(test, errno_of(arena->insert({})), ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, (**arena).replace_node(node, std::move(memory)));
	KUNIT_EXPECT_EQ(test, node.start(), 8);
	static_cast<void>(std::move(node).into_raw());
	/* Insertions ask color_adjust() again. */
	KUNIT_EXPECT_EQ(test, errno_of(arena->insert({})), ENOSPC.to_errno());
	Moody::refuses = false;
	KUNIT_EXPECT_TRUE(test, arena->insert({}));
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void color_is_kept_for_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	for (unsigned long color : { 0ul, 1ul, ~0ul }) {
		auto reserved = KUNIT_ASSERT_VALUE(test, arena->reserve(20 + color % 8, 1, color));

		KUNIT_EXPECT_EQ(test, reserved->color(), color);
	}
	for (Mode mode : modes) {
		auto inserted =
			KUNIT_ASSERT_VALUE(test, arena->insert({ .color = ~0ul, .mode = mode }));

		KUNIT_EXPECT_EQ(test, inserted->color(), ~0ul);
	}
	/* Without a color_adjust(), colors do not restrict insertions. */
	arena->clear();
	for (unsigned long color = 0; color < 64; color++)
		KUNIT_EXPECT_TRUE(test, arena->insert({ .color = color }));
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void color_adjust_keeps_other_colors_apart(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, GuardedArena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, arena->reserve(20, 10, 1));
	KUNIT_EXPECT_EQ(
		test,
		arena->start_of_inserted({ .size = 2, .color = 2, .start = 20, .mode = Mode::LOW }),
		31);
	KUNIT_EXPECT_EQ(
		test,
		arena->start_of_inserted({ .size = 2, .color = 2, .end = 31, .mode = Mode::HIGH }),
		17);
	KUNIT_EXPECT_TRUE(test, ranges::Guarded::is_kept(**arena));
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void color_adjust_lets_equal_colors_touch(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, GuardedArena::make(0, 64));

	for (Mode mode : modes) {
		KUNIT_EXPECT_EQ(test, fill(*arena, { .size = 4, .color = 9, .mode = mode }), 16);
		KUNIT_EXPECT_TRUE(test, arena->is_full());
		arena->clear();
	}
	KUNIT_ASSERT_TRUE(test, arena->reserve(20, 10, 1));
	KUNIT_EXPECT_EQ(
		test, arena->start_of_inserted({ .color = 1, .start = 20, .mode = Mode::LOW }), 30);
	KUNIT_EXPECT_EQ(
		test, arena->start_of_inserted({ .color = 1, .end = 30, .mode = Mode::HIGH }), 19);
}

static void random_colors_are_kept_apart_in_every_mode(struct kunit *test) KXX_MAY_SLEEP
{
	for (Mode mode : modes) {
		auto arena = KUNIT_ASSERT_VALUE(test, GuardedArena::make(7, 512));
		Random random(3);

		for (int i = 0; i < 200; i++) {
			if (random.below(3))
				arena->start_of_inserted({ .size = 1 + random.below(8),
							   .alignment = random.below(5),
							   .color = random.below(3),
							   .mode = mode });
			else
				arena->remove_at(7 + random.below(512));
		}
		for (unsigned long color = 0; color < 3; color++)
			fill(*arena, { .color = color, .mode = mode });
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
		KUNIT_EXPECT_TRUE(test, ranges::Guarded::is_kept(**arena));
		/* Only the gaps between colors are left. */
		for (auto [start, size] : (**arena).holes())
			KUNIT_EXPECT_TRUE(test, size <= 2);
	}
}

static void reservation_that_touches_another_color_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, GuardedArena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, arena->reserve(20, 10, 1));
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(30, 1, 2)), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(0, 20, 2)), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(0, 19, 2)), 0);
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(31, 33, 2)), 0);
	/* Unit 30 lies between colors 1 and 2: any node there touches another color. */
	for (unsigned long color = 1; color <= 3; color++)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(30, 1, color)), ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void color_adjust_cannot_widen_a_hole(struct kunit *test) KXX_MAY_SLEEP
{
	using GreedyArena = ranges::Arena<drm::NoPayload, Greedy>;

	for (Mode mode : modes) {
		auto arena = KUNIT_ASSERT_VALUE(test, GreedyArena::make(32, 64));

		KUNIT_ASSERT_TRUE(test, arena->reserve(40, 3) && arena->reserve(70, 1));
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(39, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(42, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(31, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(95, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->insert({ .size = 28, .mode = mode })),
				ENOSPC.to_errno());
		/* The holes have 8, 27 and 25 units. */
		KUNIT_EXPECT_EQ(test, fill(*arena, { .size = 4, .mode = mode }), 2 + 6 + 6);
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
		KUNIT_EXPECT_EQ(test, fill(*arena, { .mode = mode }), 3 + 1);
		KUNIT_EXPECT_TRUE(test, arena->is_full());
	}
}

static void color_adjust_is_told_the_hole_and_its_neighbours(struct kunit *test) KXX_MAY_SLEEP
{
	using WitnessArena = ranges::Arena<drm::NoPayload, Witness>;
	auto arena = KUNIT_ASSERT_VALUE(test, WitnessArena::make(16, 32));

	Witness::calls = 0;
	/* In an empty allocator, both neighbours are the ends of the allocator. */
	KUNIT_ASSERT_TRUE(test, arena->reserve(20, 4, 5));
	KUNIT_EXPECT_TRUE(test, Witness::before_color == -1 && Witness::after_color == -1);
	KUNIT_EXPECT_EQ(test, Witness::color_of_ends, 0);
	KUNIT_EXPECT_TRUE(test, Witness::asked_start == 16 && Witness::asked_end == 48);
	KUNIT_EXPECT_EQ(test, Witness::asked_color, 5);
	KUNIT_ASSERT_TRUE(test, arena->insert({ .color = 6, .mode = Mode::LOW }));
	KUNIT_EXPECT_TRUE(test, Witness::before_color == -1 && Witness::after_color == 5);
	KUNIT_EXPECT_TRUE(test, Witness::asked_start == 16 && Witness::asked_end == 20);
	KUNIT_ASSERT_TRUE(test, arena->insert({ .color = 7, .mode = Mode::HIGH }));
	KUNIT_EXPECT_TRUE(test, Witness::before_color == 5 && Witness::after_color == -1);
	KUNIT_EXPECT_TRUE(test, Witness::asked_start == 24 && Witness::asked_end == 48);
	KUNIT_ASSERT_TRUE(test, arena->reserve(30, 1, 8));
	KUNIT_EXPECT_TRUE(test, Witness::before_color == 5 && Witness::after_color == 7);
	KUNIT_EXPECT_TRUE(test, Witness::asked_start == 24 && Witness::asked_end == 47);
	KUNIT_EXPECT_EQ(test, Witness::color_of_ends, 0);
	KUNIT_EXPECT_EQ(test, Witness::calls, 4);
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_color, "kxx_drm_mm_color",
		KXX_KUNIT_CASE(replacement_does_not_ask_color_adjust),
		KXX_KUNIT_CASE(color_is_kept_for_its_owner),
		KXX_KUNIT_CASE(color_adjust_keeps_other_colors_apart),
		KXX_KUNIT_CASE(color_adjust_lets_equal_colors_touch),
		KXX_KUNIT_CASE(random_colors_are_kept_apart_in_every_mode),
		KXX_KUNIT_CASE(reservation_that_touches_another_color_is_enospc),
		KXX_KUNIT_CASE(color_adjust_cannot_widen_a_hole),
		KXX_KUNIT_CASE(color_adjust_is_told_the_hole_and_its_neighbours));
