// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_kunit.cc - tests of <kxx/mm/drm_mm.hpp>: reservations, and that no unit of the range is
 * lost
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

} // namespace

static void range_that_is_empty_or_overflows_is_einval(struct kunit *test)
{
	const struct {
		u64 start, size;
	} bad[] = { { 0, 0 }, { most, 0 }, { 2, most }, { 1, most }, { most, 1 }, { most, most } };

	for (auto [start, size] : bad)
		KUNIT_EXPECT_EQ(test, errno_of(drm::MmRange::make(start, size)), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, drm::MmRange::make(0, most));
	KUNIT_EXPECT_TRUE(test, drm::MmRange::make(most - 1, 1));
}

static void allocator_is_clean_and_one_hole_before_and_after(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, size;
	} ranges[] = { { 0, 1 },
		       { 0, most },
		       { 1, most - 1 },
		       { 4096, 1 << 20 },
		       { most / 2, most / 2 },
		       { most - 1, 1 } };

	for (auto [start, size] : ranges) {
		auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(start, size));

		KUNIT_EXPECT_STREQ(test, (**arena).name(), "test");
		KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
		KUNIT_ASSERT_TRUE(test, arena->reserve(start, size));
		KUNIT_EXPECT_FALSE(test, (**arena).clean());
		KUNIT_EXPECT_TRUE(test, arena->is_full());
		KUNIT_EXPECT_TRUE(test, arena->remove_at(start));
		KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
	}
}

static void reservation_that_overlaps_a_node_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, size;
	} overlapping[] = { { 16, 16 }, { 15, 2 }, { 31, 2 }, { 20, 1 },  { 0, 64 }, { 15, 18 },
			    { 16, 1 },	{ 31, 1 }, { 0, 17 }, { 17, 14 }, { 0, 32 }, { 16, 48 } };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, arena->reserve(16, 16));

	u64 before = arena->fingerprint();

	for (auto [start, size] : overlapping)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start, size)), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
	/* Ranges that only touch the node are free. */
	KUNIT_EXPECT_TRUE(test, arena->reserve(0, 16));
	KUNIT_EXPECT_TRUE(test, arena->reserve(32, 32));
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void reservation_outside_the_allocator_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, size;
	} outside[] = { { 0, 1 },   { 15, 1 },	 { 48, 1 },	  { 15, 2 },	    { 47, 2 },
			{ 0, 64 },  { 15, 34 },	 { most - 1, 1 }, { most / 2, 1 },  { 0, 17 },
			{ 16, 33 }, { 0, most }, { 100, 32 },	  { 16, most - 16 } };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(16, 32));

	for (auto [start, size] : outside)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start, size)), ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
	KUNIT_EXPECT_TRUE(test, arena->reserve(16, 32));
}

static void reservation_of_nothing_or_that_overflows_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, size;
	} bad[] = { { 16, 0 },	 { 0, 0 },    { most, 0 }, { most, 1 },
		    { most, 2 }, { 1, most }, { 2, most }, { most, most } };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, most));

	for (auto [start, size] : bad)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start, size)), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void expect_reservations_to_fill(struct kunit *test, u64 size, u64 n) KXX_MAY_SLEEP
{
	Random random(size);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(5 * size, n * size));
	auto numbers = KUNIT_ASSERT_VALUE(test, shuffled(n, random));
	auto start = [&](u64 i) { return (5 + numbers[i]) * size; };

	for (u64 i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, arena->reserve(start(i), size));
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	KUNIT_EXPECT_EQ(test, arena->nr_nodes(), n);
	for (u64 i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start(i), size)), ENOSPC.to_errno());
	/* A removed range can be reserved again. */
	random.shuffle(&numbers[0], n);
	for (u64 i = 0; i < n; i++) {
		KUNIT_ASSERT_TRUE(test, arena->remove_at(start(i)));
		KUNIT_ASSERT_TRUE(test, arena->reserve(start(i), size));
	}
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	random.shuffle(&numbers[0], n);
	for (u64 i = 0; i < n / 2; i++)
		KUNIT_ASSERT_TRUE(test, arena->remove_at(start(i)));
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
	for (u64 i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start(i), size)),
				i < n / 2 ? 0 : ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	for (u64 i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, arena->remove_at(start(i)));
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void reservations_in_random_order_fill_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	expect_reservations_to_fill(test, 1, 128);
	expect_reservations_to_fill(test, 7, 100);
	expect_reservations_to_fill(test, u64{ 1 } << 55, 128);
}

static void expect_insertions_to_fill(struct kunit *test, u64 size, Mode mode) KXX_MAY_SLEEP
{
	constexpr u64 n = 64;
	Random random(size);
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(3 * size, n * size));
	auto numbers = KUNIT_ASSERT_VALUE(test, shuffled(n, random));

	KUNIT_EXPECT_EQ(test, fill(*arena, { .size = size, .mode = mode }), n);
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	KUNIT_EXPECT_EQ(test, errno_of(arena->insert({ .mode = mode })), ENOSPC.to_errno());
	/* The only hole must take a node of the same size again. */
	for (u64 i = 0; i < n; i++) {
		u64 start = (3 + numbers[i]) * size;

		KUNIT_ASSERT_TRUE(test, arena->remove_at(start));
		KUNIT_EXPECT_EQ(test, errno_of(arena->insert({ .size = size + 1, .mode = mode })),
				ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = size, .mode = mode }),
				start);
	}
	for (u64 i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, arena->remove_at((3 + numbers[i]) * size));
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
	KUNIT_EXPECT_EQ(test, fill(*arena, { .size = size, .mode = mode }), n);
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void insertions_fill_the_range_in_every_mode(struct kunit *test) KXX_MAY_SLEEP
{
	for (Mode mode : modes)
		for (u64 size : { u64{ 1 }, u64{ 5 }, u64{ 1 } << 57 })
			expect_insertions_to_fill(test, size, mode);
}

static void expect_fragments(struct kunit *test, Arena &arena, u64 n, Mode mode) KXX_MAY_SLEEP
{
	u64 holes = 0;

	for (u64 i = 1; i < n; i += 2)
		KUNIT_ASSERT_TRUE(test, arena.remove_at(4 * i));
	for (auto [start, size] : (*arena).holes()) {
		KUNIT_EXPECT_TRUE(test, start % 8 == 4 && size == 4);
		holes++;
	}
	KUNIT_EXPECT_EQ(test, holes, n / 2);
	KUNIT_EXPECT_TRUE(test, arena.is_sound());
	KUNIT_EXPECT_EQ(test, errno_of(arena.insert({ .size = 5, .mode = mode })),
			ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, errno_of(arena.insert({ .alignment = 8, .mode = mode })),
			ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, fill(arena, { .size = 4, .mode = mode }), n / 2);
	KUNIT_EXPECT_TRUE(test, arena.is_full());
}

static void fragments_are_holes_that_can_be_filled(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr u64 n = 256;
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 4 * n));

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4 }) == n);
	for (Mode mode : modes)
		expect_fragments(test, *arena, n, mode);
	/* Each removal of an even node must merge it with the holes on both sides. */
	for (u64 i = 1; i < n; i += 2)
		KUNIT_ASSERT_TRUE(test, arena->remove_at(4 * i));
	for (u64 i = 0; i < n; i += 2) {
		KUNIT_ASSERT_TRUE(test, arena->remove_at(4 * i));
		KUNIT_EXPECT_EQ(test, arena->nr_holes(), n / 2 - i / 2);
	}
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void removed_neighbours_become_one_hole(struct kunit *test) KXX_MAY_SLEEP
{
	const u64 orders[][3] = { { 0, 4, 8 }, { 0, 8, 4 }, { 4, 0, 8 },
				  { 4, 8, 0 }, { 8, 0, 4 }, { 8, 4, 0 } };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 12));

	for (const auto &order : orders) {
		KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4 }) == 3);
		for (u64 at : order) {
			KUNIT_ASSERT_TRUE(test, arena->remove_at(at));
			KUNIT_EXPECT_TRUE(test, arena->is_sound());
		}
		KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
	}
}

static void allocator_stays_sound_under_a_random_mix(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1000, 4096));
	Random random(1);

	for (int i = 0; i < 600; i++) {
		u64 at = 1000 + random.below(4096);

		switch (random.below(4)) {
		case 0:
			arena->remove_at(at);
			break;
		case 1: {
			u64 size = 1 + random.below(64);
			auto *taken = (**arena).interval_first(at, at + size - 1);
			bool fits = !taken && at + size <= 1000 + 4096;

			KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(at, size)),
					fits ? 0 : ENOSPC.to_errno());
			break;
		}
		default: {
			ranges::Request request = { .size = 1 + random.below(100),
						    .alignment = random.below(40),
						    .start = at,
						    .mode = modes[random.below(4)] };
			u64 start = arena->start_of_inserted(request);

			KUNIT_EXPECT_TRUE(
				test, start >= at && (start == most ||
						      aligned(start, request.alignment) == start));
			break;
		}
		}
		if (i % 8 == 0)
			KUNIT_ASSERT_TRUE(test, arena->is_sound());
	}
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm, "kxx_drm_mm",
		KXX_KUNIT_CASE(range_that_is_empty_or_overflows_is_einval),
		KXX_KUNIT_CASE(allocator_is_clean_and_one_hole_before_and_after),
		KXX_KUNIT_CASE(reservation_that_overlaps_a_node_is_enospc),
		KXX_KUNIT_CASE(reservation_outside_the_allocator_is_enospc),
		KXX_KUNIT_CASE(reservation_of_nothing_or_that_overflows_is_einval),
		KXX_KUNIT_CASE(reservations_in_random_order_fill_the_range),
		KXX_KUNIT_CASE(insertions_fill_the_range_in_every_mode),
		KXX_KUNIT_CASE(fragments_are_holes_that_can_be_filled),
		KXX_KUNIT_CASE(removed_neighbours_become_one_hole),
		KXX_KUNIT_CASE(allocator_stays_sound_under_a_random_mix));
