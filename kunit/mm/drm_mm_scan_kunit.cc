// SPDX-License-Identifier: GPL-2.0
/* drm_mm_scan_kunit.cc - tests of <kxx/mm/drm_mm_scan.hpp>: one scan, step by step */
#include "drm_mm_scan.hpp"

using namespace kxx;
using ranges::errno_of;
using ranges::Guarded;
using ranges::Mode;
using ranges::modes;
using ranges::most;
using ranges::Request;
using ranges::Scan;

namespace {

using Arena = ranges::Arena<>;
using GuardedArena = ranges::Arena<drm::NoPayload, Guarded>;

/*
 * Adds the nodes that contain @units to @scan. Returns the result of the last add_block(), or -1
 * if a node was not found.
 */
template <size_t n, typename Arena, typename Scan>
int add(Arena &arena, Scan &scan, const u64 (&units)[n])
{
	drm::MmNode<> *nodes[n];
	int room = -1;

	/* Look up all nodes first: once a node was added to the scan, the tree must not be used. */
	for (size_t i = 0; i < n; i++)
		nodes[i] = (*arena).interval_first(units[i], units[i]);
	for (auto *node : nodes) {
		if (!node)
			return -1;

		auto added = scan.add_block(*node);

		if (!added)
			return added.error().to_errno();
		room = std::move(added).value();
	}
	return room;
}

/* Returns the starts of the nodes to evict, the last added first, as two decimal digits each. */
template <typename Scan> u64 to_evict(Scan &scan)
{
	u64 digits = 0;

	while (auto block = scan.remove_block())
		digits = block.evict ? digits * 100 + block.node->start() : digits;
	return digits;
}

} // namespace

static void scan_that_finds_nothing_leaves_all_as_it_was(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(1, 63));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 1, 64, 1, 1));
	for (u64 at : { 20, 40, 41, 42, 60 })
		KUNIT_ASSERT_TRUE(test, arena->remove_at(at));

	u64 before = arena->fingerprint();

	for (Mode mode : modes)
		for (Request request :
		     { Request{ .size = 64 }, Request{ .alignment = 64 }, Request{ .size = 6 },
		       Request{ .size = 2, .start = 63 }, Request{ .size = 5, .start = 41 } }) {
			request.mode = mode;

			Scan<void> scan(*arena, request);

			/* Nodes next to holes and elsewhere, which never make enough room. */
			KUNIT_EXPECT_EQ(test, add(*arena, scan, { 43, 39, 1, 63, 10, 12, 11, 19 }),
					0);
			KUNIT_EXPECT_EQ(test, to_evict(scan), 0);
			KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
		}
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void scan_evicts_only_what_is_in_the_way(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));
	KUNIT_ASSERT_TRUE(test, arena->remove_at(30) && arena->remove_at(33));
	{
		/* With the holes at 30 and 33, evicting 31 and 32 makes room for 4 units. */
		Scan<void> scan(*arena, { .size = 4 });

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 10, 31, 12, 50 }), 0);
		KUNIT_EXPECT_EQ(test, to_evict(scan), 0);
	}
	{
		Scan<void> scan(*arena, { .size = 4 });

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 10, 31, 12, 50, 32 }), 1);
		KUNIT_EXPECT_EQ(test, to_evict(scan), 3231);
	}
	{
		Scan<void> scan(*arena, { .size = 3, .alignment = 16 });

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 29, 31, 32, 49, 50, 34 }), 1);
		KUNIT_EXPECT_EQ(test, to_evict(scan), 3432);
	}
}

static void room_is_at_the_end_that_the_mode_says(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 24));

	KUNIT_ASSERT_TRUE(test,
			  arena->reserve(8, 2) && arena->reserve(10, 4) && arena->reserve(14, 2));
	for (Mode mode : modes) {
		Scan<void> scan(*arena, { .size = 12, .mode = mode });

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 8, 14, 10 }), 1);
		KUNIT_EXPECT_EQ(test, to_evict(scan), mode == Mode::HIGH ? 1014 : 1008);
	}
}

static void scan_that_has_room_keeps_it(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	Scan<void> scan(*arena, { .size = 2 });

	/* The last node makes no room; nodes 20 and 21 do. */
	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 10, 20, 21, 40 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(scan), 2120);
}

static void scan_for_what_cannot_be_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	const Request bad[] = { { .size = 0 },
				{ .start = 10, .end = 10 },
				{ .start = 10, .end = 9 },
				{ .start = most, .end = 0 },
				{ .size = 5, .start = 10, .end = 14 },
				{ .size = most, .start = 1 },
				{ .size = 0, .start = 10, .end = 10 } };
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, arena->reserve(0, 32));

	u64 before = arena->fingerprint();

	for (const Request &request : bad) {
		Scan<void> scan(*arena, request);

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 0 }), EINVAL.to_errno());
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
	}
	KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
	/* A failed scan must not block other scans. */
	Scan<void> bad_one(*arena, bad[0]);
	Scan<void> scan(*arena, { .size = 40 });

	KUNIT_EXPECT_EQ(test, add(*arena, bad_one, { 0 }), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 0 }), 1);
}

static void scan_of_exactly_the_range_can_be(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	Scan<void> scan(*arena, { .size = 3, .start = 10, .end = 13 });

	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 9, 13, 12, 11, 10 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(scan), 101112);
}

static void empty_roster_has_no_block(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));
	Scan<void> scan(*arena, { .size = 4 });
	auto block = scan.remove_block();

	KUNIT_EXPECT_FALSE(test, block);
	KUNIT_EXPECT_FALSE(test, block.evict);
	KUNIT_EXPECT_TRUE(test, !block.node);
	/* A scan without nodes must not block insertions. */
	KUNIT_EXPECT_TRUE(test, arena->insert({ .size = 4 }));
	KUNIT_EXPECT_TRUE(test, arena->remove_at(0));
}

static void scan_that_gives_nodes_back_takes_no_more(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	auto *node = (**arena).interval_first(5, 5);
	Scan<void> scan(*arena, { .size = 2 });

	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 10, 11 }), 1);
	KUNIT_EXPECT_TRUE(test, scan.remove_block());
	KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, scan.remove_block());
	KUNIT_EXPECT_FALSE(test, scan.remove_block());
	KUNIT_EXPECT_EQ(test, errno_of(scan.add_block(*node)), EINVAL.to_errno());
	KUNIT_EXPECT_FALSE(test, scan.remove_block());
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void scan_that_goes_leaves_the_allocator_whole(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 4, 1));
	KUNIT_ASSERT_TRUE(test, arena->remove_at(33));

	u64 before = arena->fingerprint();

	/* The destructor of the scan must remove the nodes that are left in it. */
	for (u64 taken_off = 0; taken_off < 8; taken_off++) {
		{
			Scan<void> scan(*arena, { .size = 20 });

			KUNIT_EXPECT_TRUE(test,
					  add(*arena, scan, { 1, 60, 40, 20, 50, 10, 28 }) >= 0);
			for (u64 i = 0; i < taken_off; i++)
				static_cast<void>(scan.remove_block());
		}
		KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
	}
	KUNIT_EXPECT_TRUE(test, arena->insert({}));
}

static void one_scan_may_follow_another(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	/* Both scans are created before either of them has nodes. */
	Scan<void> first(*arena, { .size = 2 });
	Scan<void> second(*arena, { .size = 3 });

	KUNIT_EXPECT_EQ(test, add(*arena, first, { 11, 10 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(first), 1011);
	KUNIT_EXPECT_EQ(test, add(*arena, second, { 11, 10, 12 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(second), 121011);
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void block_has_its_payload(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, ranges::Arena<int>::make(0, 64));

	for (int i = 0; i < 64; i++)
		KUNIT_ASSERT_TRUE(test, arena->insert({ .mode = Mode::LOW }, 1000 + i));

	auto *node = (**arena).interval_first(7, 7);
	auto owner = drm::Node<int>::from_raw(node);
	drm::MmScan scan(**arena, 1, 0, 0, Mode::BEST);
	auto added = scan.add_block(owner);
	auto block = scan.remove_block();

	static_cast<void>(std::move(owner).into_raw());
	KUNIT_ASSERT_TRUE(test, added);
	KUNIT_EXPECT_TRUE(test, std::move(added).value());
	KUNIT_EXPECT_TRUE(test, block.node == node && block.evict);
	KUNIT_EXPECT_EQ(test, **block.node, 1007);
}

static void color_evict_names_both_neighbours(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, GuardedArena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	/* Three units of another color need a free unit on each side as well. */
	Scan<Guarded> scan(*arena, { .size = 3, .color = 1 });
	u64 neighbours = 0;

	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 30, 31, 32, 33 }), 0);
	KUNIT_EXPECT_TRUE(test, !scan.color_evict());
	KUNIT_EXPECT_EQ(test, to_evict(scan), 0);

	Scan<Guarded> larger(*arena, { .size = 3, .color = 1 });

	KUNIT_EXPECT_EQ(test, add(*arena, larger, { 30, 31, 32, 33, 34 }), 1);
	KUNIT_EXPECT_TRUE(test, !larger.color_evict());
	KUNIT_EXPECT_EQ(test, to_evict(larger), 333231);
	for (u64 at : { 31, 33, 32 }) {
		KUNIT_EXPECT_TRUE(test, !larger.color_evict());
		KUNIT_ASSERT_TRUE(test, arena->remove_at(at));
	}
	while (auto *node = larger.color_evict()) {
		KUNIT_ASSERT_TRUE(test, neighbours < 10000);
		neighbours = neighbours * 100 + node->start();
		KUNIT_ASSERT_TRUE(test, arena->remove(*node));
	}
	KUNIT_EXPECT_EQ(test, neighbours, 3034);
	KUNIT_EXPECT_EQ(
		test, arena->start_of_inserted({ .size = 3, .color = 1, .mode = Mode::EVICT }), 31);
	KUNIT_EXPECT_TRUE(test, Guarded::is_kept(**arena));
}

namespace {

/* Requires "gap" free units on both sides of a node, also at the ends of the allocator. */
struct Shy {
	static void color_adjust(const drm::MmNodeBase &, const drm::MmNodeBase &, unsigned long,
				 u64 &start, u64 &end)
	{
		start += gap;
		end -= gap;
	}

	static inline u64 gap;
};

} // namespace

static void color_evict_does_not_name_an_end_of_the_allocator(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, ranges::Arena<drm::NoPayload, Shy>::make(10, 20));

	Shy::gap = 1;
	KUNIT_ASSERT_TRUE(test, arena->reserve(11, 18));
	for (Mode mode : { Mode::LOW, Mode::HIGH }) {
		Shy::gap = 1;

		Scan<Shy> scan(*arena, { .size = 18, .mode = mode });

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 11 }), 1);
		KUNIT_EXPECT_EQ(test, to_evict(scan), 11);
		KUNIT_ASSERT_TRUE(test, arena->remove_at(11));
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
		/* The gap has grown, so the evicted room is too small now. */
		Shy::gap = 2;
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
		Shy::gap = 1;
		KUNIT_ASSERT_TRUE(test, arena->insert({ .size = 18 }));
	}
}

static void color_evict_survives_a_room_that_was_taken_meanwhile(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, GuardedArena::make(0, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	Scan<Guarded> scan(*arena, { .size = 2 });

	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 30, 31 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(scan), 3130);
	KUNIT_ASSERT_TRUE(test, arena->remove_at(30) && arena->remove_at(31));
	KUNIT_ASSERT_TRUE(test, arena->reserve(31, 1));
	KUNIT_EXPECT_TRUE(test, !scan.color_evict());
	arena->clear();
	KUNIT_EXPECT_TRUE(test, !scan.color_evict());
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_scan, "kxx_drm_mm_scan",
		KXX_KUNIT_CASE(scan_that_finds_nothing_leaves_all_as_it_was),
		KXX_KUNIT_CASE(scan_evicts_only_what_is_in_the_way),
		KXX_KUNIT_CASE(room_is_at_the_end_that_the_mode_says),
		KXX_KUNIT_CASE(scan_that_has_room_keeps_it),
		KXX_KUNIT_CASE(scan_for_what_cannot_be_is_einval),
		KXX_KUNIT_CASE(scan_of_exactly_the_range_can_be),
		KXX_KUNIT_CASE(empty_roster_has_no_block),
		KXX_KUNIT_CASE(scan_that_gives_nodes_back_takes_no_more),
		KXX_KUNIT_CASE(scan_that_goes_leaves_the_allocator_whole),
		KXX_KUNIT_CASE(one_scan_may_follow_another), KXX_KUNIT_CASE(block_has_its_payload),
		KXX_KUNIT_CASE(color_evict_names_both_neighbours),
		KXX_KUNIT_CASE(color_evict_does_not_name_an_end_of_the_allocator),
		KXX_KUNIT_CASE(color_evict_survives_a_room_that_was_taken_meanwhile));
