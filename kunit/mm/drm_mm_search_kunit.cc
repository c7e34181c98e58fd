// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_search_kunit.cc - tests of <kxx/mm/drm_mm.hpp>: the hole that an insertion chooses
 *
 * Depends on the mode, the range and the alignment.
 */
#include <kxx/mm/drm_mm.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::aligned;
using ranges::errno_of;
using ranges::fill;
using ranges::Mode;
using ranges::modes;
using ranges::most;
using ranges::shuffled;

namespace {

using Arena = ranges::Arena<>;

/* Leaves holes of these sizes in this order, each followed by a node of one unit. */
template <size_t n> bool leave_holes(Arena &arena, u64 at, const u64 (&sizes)[n]) KXX_MAY_SLEEP
{
	for (u64 size : sizes) {
		if (!arena.reserve(at + size, 1))
			return false;
		at += size + 1;
	}
	return true;
}

} // namespace

static void best_takes_the_smallest_hole_that_fits(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 22));

	/* The holes start at 0, 9, 13 and 19. */
	KUNIT_ASSERT_TRUE(test, leave_holes(*arena, 0, { 8, 3, 5, 2 }));
	KUNIT_EXPECT_EQ(test, arena->nr_holes(), 4);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 2 }), 19);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 2 }), 9);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 5 }), 13);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 1 }), 11);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 2 }), 0);
}

static void low_and_high_take_the_outermost_hole_that_fits(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 22));

	/* The holes start at 0, 3, 12 and 18. */
	KUNIT_ASSERT_TRUE(test, leave_holes(*arena, 0, { 2, 8, 5, 3 }));
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 3, .mode = Mode::LOW }), 3);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 2, .mode = Mode::LOW }), 0);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::HIGH }), 13);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 2, .mode = Mode::HIGH }), 19);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .mode = Mode::HIGH }), 18);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .mode = Mode::HIGH }), 12);
}

static void evict_takes_the_most_recent_hole_that_fits(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 32));

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4, .mode = Mode::LOW }) == 8);
	KUNIT_ASSERT_TRUE(test,
			  arena->remove_at(20) && arena->remove_at(4) && arena->remove_at(12));
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::EVICT }), 12);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::EVICT }), 4);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::EVICT }), 20);
}

/*
 * Fills the allocator, removes random nodes and fills it again: each insertion must use the
 * lowest free place, or for HIGH the highest one.
 */
static void expect_order_of_filling(struct kunit *test, Mode mode) KXX_MAY_SLEEP
{
	constexpr u64 n = 64;
	bool down = mode == Mode::HIGH;
	Random random(n);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(10, 2 * n));
	auto numbers = KUNIT_ASSERT_VALUE(test, shuffled(n, random));
	auto start = [down](u64 i) { return 10 + 2 * (down ? n - 1 - i : i); };

	for (u64 i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 2, .mode = mode }),
				start(i));
	for (u64 some = 1; some <= n; some += 9) {
		bool removed[n] = {};

		random.shuffle(&numbers[0], n);
		for (u64 i = 0; i < some; i++) {
			removed[numbers[i]] = true;
			KUNIT_ASSERT_TRUE(test, arena->remove_at(start(numbers[i])));
		}
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
		for (u64 i = 0; i < n; i++) {
			if (removed[i])
				KUNIT_EXPECT_EQ(
					test, arena->start_of_inserted({ .size = 2, .mode = mode }),
					start(i));
		}
		KUNIT_EXPECT_TRUE(test, arena->is_full());
	}
}

static void low_fills_from_the_bottom_up(struct kunit *test) KXX_MAY_SLEEP
{
	expect_order_of_filling(test, Mode::LOW);
}

static void high_fills_from_the_top_down(struct kunit *test) KXX_MAY_SLEEP
{
	expect_order_of_filling(test, Mode::HIGH);
}

static void once_looks_at_a_single_hole(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1, 63));

	/* Only the middle one of three holes has 2 units at a multiple of 16. */
	auto in_mode = [&](Mode mode) KXX_MAY_SLEEP {
		auto inserted = arena->insert({ .size = 2, .alignment = 16, .mode = mode });

		if (!inserted)
			return inserted.error().to_errno();
		arena->remove(*std::move(inserted).value());
		return 0;
	};

	KUNIT_ASSERT_TRUE(test,
			  arena->reserve(4, 6) && arena->reserve(42, 8) && arena->reserve(54, 10));
	KUNIT_EXPECT_EQ(test, arena->nr_holes(), 3);
	KUNIT_EXPECT_EQ(test, in_mode(Mode::LOWEST), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, in_mode(Mode::HIGHEST), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, in_mode(Mode::BEST | Mode::ONCE), ENOSPC.to_errno());
	for (Mode mode : modes)
		KUNIT_EXPECT_EQ(test, in_mode(mode), 0);
	/* The middle hole is now the most recent one. */
	KUNIT_EXPECT_EQ(test, in_mode(Mode::EVICT | Mode::ONCE), 0);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 3, .mode = Mode::LOWEST }), 1);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 3, .mode = Mode::HIGHEST }), 51);
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
	KUNIT_EXPECT_EQ(test, static_cast<unsigned int>(Mode::LOW | Mode::ONCE),
			static_cast<unsigned int>(Mode::LOWEST));
	KUNIT_EXPECT_EQ(test, static_cast<unsigned int>(Mode::HIGH | Mode::ONCE),
			static_cast<unsigned int>(Mode::HIGHEST));
}

/* Checks that insertions fill the part of [64, 192) that is in the range of @request. */
static void expect_insertions_in_range(struct kunit *test,
				       const ranges::Request &request) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(64, 128));
	u64 start = request.start > 64 ? request.start : 64;
	u64 end = request.end < 192 ? request.end : 192;

	KUNIT_EXPECT_EQ(test, fill(*arena, request), (end - start) / request.size);
	for (const auto &node : (**arena).nodes())
		KUNIT_EXPECT_TRUE(test, node.start() >= start && node.start() + node.size() <= end);
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
	/* The rest of the allocator is still free. */
	KUNIT_EXPECT_EQ(
		test, errno_of(arena->insert({ .size = request.size, .mode = request.mode })),
		start - 64 >= request.size || 192 - end >= request.size ? 0 : ENOSPC.to_errno());
}

static void insertion_in_range_keeps_to_the_range_in_every_mode(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, end;
	} some[] = { { 100, 140 }, { 0, 80 },	 { 180, 1000 }, { 0, most }, { 64, 192 },
		     { 64, 68 },   { 188, 192 }, { 127, 131 },	{ 63, 193 }, { 1, 66 + 3 } };

	for (Mode mode : modes) {
		for (auto [start, end] : some)
			for (u64 size : { 4, 9 })
				expect_insertions_in_range(
					test,
					{ .size = size, .start = start, .end = end, .mode = mode });
		for (u64 unit : { 64, 65, 127, 190, 191 })
			expect_insertions_in_range(
				test, { .start = unit, .end = unit + 1, .mode = mode });
	}
}

static void insertion_in_range_takes_its_end_of_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(64, 128));
	auto first = [&](u64 alignment, Mode mode) KXX_MAY_SLEEP {
		u64 start = arena->start_of_inserted({ .size = 3,
						       .alignment = alignment,
						       .start = 101,
						       .end = 150,
						       .mode = mode });

		arena->clear();
		return start;
	};

	for (Mode mode : { Mode::BEST, Mode::LOW, Mode::EVICT }) {
		KUNIT_EXPECT_EQ(test, first(0, mode), 101);
		KUNIT_EXPECT_EQ(test, first(16, mode), 112);
		KUNIT_EXPECT_EQ(test, first(7, mode), 105);
	}
	KUNIT_EXPECT_EQ(test, first(0, Mode::HIGH), 147);
	KUNIT_EXPECT_EQ(test, first(16, Mode::HIGH), 144);
	KUNIT_EXPECT_EQ(test, first(5, Mode::HIGH), 145);
}

static void range_that_shares_nothing_with_the_allocator_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 size, start, end;
	} outside[] = { { 1, 0, 64 },	 { 1, 192, 256 },      { 1, 0, 1 },	{ 1, 192, most },
			{ 1, 100, 100 }, { 1, most, most },    { 5, 100, 104 }, { 2, 191, 193 },
			{ 2, 63, 65 },	 { most, 0, most - 1 } };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(64, 128));

	for (Mode mode : modes)
		for (auto [size, start, end] : outside)
			KUNIT_EXPECT_EQ(test,
					errno_of(arena->insert({ .size = size,
								 .start = start,
								 .end = end,
								 .mode = mode })),
					ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void range_that_is_reversed_is_einval_in_every_mode(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(64, 128));

	for (Mode mode : modes) {
		KUNIT_EXPECT_EQ(test,
				errno_of(arena->insert({ .start = 101, .end = 100, .mode = mode })),
				EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test,
				errno_of(arena->insert({ .start = most, .end = 0, .mode = mode })),
				EINVAL.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void alignment_is_obeyed_in_every_mode(struct kunit *test) KXX_MAY_SLEEP
{
	for (Mode mode : modes) {
		auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1, 1 << 16));

		for (u64 alignment :
		     { 0, 1, 2, 3, 5, 7, 8, 12, 16, 100, 127, 128, 255, 4095, 4096 })
			for (u64 size : { 1, 3, 16, 100 }) {
				u64 start = arena->start_of_inserted(
					{ .size = size, .alignment = alignment, .mode = mode });

				KUNIT_EXPECT_TRUE(test, start != most);
				KUNIT_EXPECT_EQ(test, aligned(start, alignment), start);
			}
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
	}
}

/* Expects the first multiple of @alignment, or for HIGH the last one, of all numbers in 64 bits. */
static void expect_alignment(struct kunit *test, Arena &arena, u64 alignment) KXX_MAY_SLEEP
{
	for (Mode mode : modes) {
		u64 start = arena.start_of_inserted({ .alignment = alignment, .mode = mode });

		KUNIT_EXPECT_EQ(test, start,
				mode == Mode::HIGH ? (most - 1) / alignment * alignment
						   : alignment);
		KUNIT_EXPECT_TRUE(test, arena.remove_at(start));
	}
}

static void powers_of_two_up_to_the_63rd_align(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1, most - 1));

	for (unsigned int bit = 0; bit < 64; bit++)
		expect_alignment(test, *arena, u64{ 1 } << bit);
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void other_numbers_up_to_64_bits_align(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1, most - 1));

	for (u64 power = 3, next = 9; next / 3 == power; power = next, next *= 3)
		expect_alignment(test, *arena, power);
	for (u64 power : { u64{ 1 } << 31, u64{ 1 } << 32, u64{ 1 } << 62, u64{ 1 } << 63 }) {
		expect_alignment(test, *arena, power - 1);
		expect_alignment(test, *arena, power + 1);
	}
	expect_alignment(test, *arena, most - 1);
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

/*
 * Fills [1, 2^bits - 1) with one node of 2^i units aligned to 2^i for each i; the largest node is
 * one unit smaller.
 */
static void expect_powers_to_fill(struct kunit *test, unsigned int bits, Mode mode) KXX_MAY_SLEEP
{
	u64 top = u64{ 1 } << (bits - 1);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1, top - 1 + top - 1));

	KUNIT_EXPECT_EQ(test,
			errno_of(arena->insert({ .size = top, .alignment = top, .mode = mode })),
			ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(
		test, arena->start_of_inserted({ .size = top - 1, .alignment = top, .mode = mode }),
		top);
	for (u64 power = top / 2; power; power /= 2)
		KUNIT_EXPECT_EQ(test,
				arena->start_of_inserted(
					{ .size = power, .alignment = power, .mode = mode }),
				power);
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void aligned_powers_of_two_fill_32_bits(struct kunit *test) KXX_MAY_SLEEP
{
	for (Mode mode : modes)
		expect_powers_to_fill(test, 32, mode);
}

static void aligned_powers_of_two_fill_64_bits(struct kunit *test) KXX_MAY_SLEEP
{
	for (Mode mode : modes)
		expect_powers_to_fill(test, 64, mode);
}

static void alignment_that_nothing_in_the_range_has_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	auto bottom = KUNIT_ASSERT_VALUE(test, Arena::make(1, 63));
	auto top = KUNIT_ASSERT_VALUE(test, Arena::make(most - 100, 100));

	for (Mode mode : modes) {
		for (u64 alignment : { u64{ 64 }, u64{ 97 }, u64{ 1 } << 63, most })
			KUNIT_EXPECT_EQ(
				test,
				errno_of(bottom->insert({ .alignment = alignment, .mode = mode })),
				ENOSPC.to_errno());
		/* The next multiple of these alignments does not fit into 64 bits. */
		for (u64 alignment : { u64{ 128 }, u64{ 1 } << 63, most, (u64{ 1 } << 63) + 1 })
			KUNIT_EXPECT_EQ(
				test,
				errno_of(top->insert({ .alignment = alignment, .mode = mode })),
				ENOSPC.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, bottom->is_one_hole());
	KUNIT_EXPECT_TRUE(test, top->is_one_hole());
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_search, "kxx_drm_mm_search",
		KXX_KUNIT_CASE(best_takes_the_smallest_hole_that_fits),
		KXX_KUNIT_CASE(low_and_high_take_the_outermost_hole_that_fits),
		KXX_KUNIT_CASE(evict_takes_the_most_recent_hole_that_fits),
		KXX_KUNIT_CASE(low_fills_from_the_bottom_up),
		KXX_KUNIT_CASE(high_fills_from_the_top_down),
		KXX_KUNIT_CASE(once_looks_at_a_single_hole),
		KXX_KUNIT_CASE(insertion_in_range_keeps_to_the_range_in_every_mode),
		KXX_KUNIT_CASE(insertion_in_range_takes_its_end_of_the_range),
		KXX_KUNIT_CASE(range_that_shares_nothing_with_the_allocator_is_enospc),
		KXX_KUNIT_CASE(range_that_is_reversed_is_einval_in_every_mode),
		KXX_KUNIT_CASE(alignment_is_obeyed_in_every_mode),
		KXX_KUNIT_CASE(powers_of_two_up_to_the_63rd_align),
		KXX_KUNIT_CASE(other_numbers_up_to_64_bits_align),
		KXX_KUNIT_CASE(aligned_powers_of_two_fill_32_bits),
		KXX_KUNIT_CASE(aligned_powers_of_two_fill_64_bits),
		KXX_KUNIT_CASE(alignment_that_nothing_in_the_range_has_is_enospc));
