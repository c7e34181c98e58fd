// SPDX-License-Identifier: GPL-2.0
/* drm_mm_kunit.cc - <kxx/drm/drm_mm.hpp> */
#include <kxx/mm/drm_mm.hpp>
#include <kxx/sync/spinlock.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::aligned;
using ranges::errno_of;
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
using GuardedArena = ranges::Arena<drm::NoPayload, ranges::Guarded>;
using Mm = drm::Mm<Payload>;
using Node = drm::Node<Payload>;
using FreeNode = drm::FreeNode<Payload>;
using Space = SpinLockIrq<Mm>;

Result<Box<Space>> make_space(u64 start, u64 size) KXX_MAY_SLEEP
{
	return Box<Space>::make(GFP_KERNEL, KXX_TRY(drm::MmRange::make(start, size)), "test");
}

/* A function that returns its node as a Result, as a driver's would. */
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

/* The errno of a Result, 0 for success; what it holds goes back to @space. */
int outcome(Space &space, Result<Node> result)
{
	if (!result)
		return result.error().to_errno();
	remove(space, std::move(result).value());
	return 0;
}

/* The numbers below @n, each once, in an order that @random chose. */
Result<Box<u64[]>> shuffled(u64 n, Random &random) KXX_MAY_SLEEP
{
	auto numbers = KXX_TRY(Box<u64[]>::make(GFP_KERNEL, n));

	for (u64 i = 0; i < n; i++)
		numbers[i] = i;
	random.shuffle(&numbers[0], n);
	return numbers;
}

/* Such nodes until there is no room for another; how many these were. */
template <typename Arena> u64 fill(Arena &arena, const ranges::Request &request) KXX_MAY_SLEEP
{
	u64 n = 0;

	/* There is room for no more than that in any. */
	while (n < 2048 && arena.insert(request))
		n++;
	return n;
}

/* Holes of these sizes in this order, each before a node of one unit. */
template <size_t n> bool leave_holes(Arena &arena, u64 at, const u64 (&sizes)[n]) KXX_MAY_SLEEP
{
	for (u64 size : sizes) {
		if (!arena.reserve(at + size, 1))
			return false;
		at += size + 1;
	}
	return true;
}

/* A few dozen nodes with holes between them, here and there. */
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
		auto made = Arena::make(start, size);

		KUNIT_ASSERT_TRUE(test, made);

		auto arena = std::move(made).value();

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

static void nodes_fill_a_locked_range_and_come_back(struct kunit *test) KXX_MAY_SLEEP
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

static void bad_sizes_are_errors_not_bugs(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space(0, 16);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	auto memory = FreeNode::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, memory);

	FreeNode node = std::move(memory).value();
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
	/* None of them took the memory: it can still be used. */
	KUNIT_EXPECT_EQ(test, at(2, 14, 16), 0);
}

static void failed_insertion_leaves_the_memory_to_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto made = make_space(0, 4);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	{
		auto allocated = FreeNode::make(GFP_KERNEL, 5);

		KUNIT_ASSERT_TRUE(test, allocated);

		FreeNode memory = std::move(allocated).value();
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
	auto made = make_space(0, 64);
	auto memory = FreeNode::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && memory);

	Box<Space> space = std::move(made).value();
	auto reserved = space->lock()->reserve_node(std::move(memory).value(), 10, 20, 7);

	KUNIT_ASSERT_TRUE(test, reserved);

	Node node = std::move(reserved).value();

	KUNIT_EXPECT_EQ(test, node.start(), 10);
	KUNIT_EXPECT_EQ(test, node.size(), 20);
	KUNIT_EXPECT_EQ(test, node.color(), 7);
	remove(*space, std::move(node));
	KUNIT_EXPECT_TRUE(test, space->lock()->clean());
}

static void reservation_that_overlaps_a_node_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	const struct {
		u64 start, size;
	} overlapping[] = { { 16, 16 }, { 15, 2 }, { 31, 2 }, { 20, 1 },  { 0, 64 }, { 15, 18 },
			    { 16, 1 },	{ 31, 1 }, { 0, 17 }, { 17, 14 }, { 0, 32 }, { 16, 48 } };
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, arena->reserve(16, 16));

	u64 before = arena->fingerprint();

	for (auto [start, size] : overlapping)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start, size)), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
	/* What only touches it is free. */
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
	auto made = Arena::make(16, 32);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = Arena::make(0, most);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	for (auto [start, size] : bad)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start, size)), EINVAL.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void expect_reservations_to_fill(struct kunit *test, u64 size, u64 n) KXX_MAY_SLEEP
{
	Random random(size);
	auto made = Arena::make(5 * size, n * size);
	auto order = shuffled(n, random);

	KUNIT_ASSERT_TRUE(test, made && order);

	auto arena = std::move(made).value();
	auto numbers = std::move(order).value();
	auto start = [&](u64 i) { return (5 + numbers[i]) * size; };

	for (u64 i = 0; i < n; i++)
		KUNIT_ASSERT_TRUE(test, arena->reserve(start(i), size));
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	KUNIT_EXPECT_EQ(test, arena->nr_nodes(), n);
	for (u64 i = 0; i < n; i++)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(start(i), size)), ENOSPC.to_errno());
	/* What was removed, and no more, can be reserved again. */
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
	auto made = Arena::make(3 * size, n * size);
	auto order = shuffled(n, random);

	KUNIT_ASSERT_TRUE(test, made && order);

	auto arena = std::move(made).value();
	auto numbers = std::move(order).value();

	KUNIT_EXPECT_EQ(test, fill(*arena, { .size = size, .mode = mode }), n);
	KUNIT_EXPECT_TRUE(test, arena->is_full());
	KUNIT_EXPECT_EQ(test, errno_of(arena->insert({ .mode = mode })), ENOSPC.to_errno());
	/* The only hole there is takes the node back. */
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

static void best_takes_the_smallest_hole_that_fits(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(0, 22);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	/* At 0, 9, 13 and 19. */
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
	auto made = Arena::make(0, 22);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	/* At 0, 3, 12 and 18. */
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
	auto made = Arena::make(0, 32);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4, .mode = Mode::LOW }) == 8);
	KUNIT_ASSERT_TRUE(test,
			  arena->remove_at(20) && arena->remove_at(4) && arena->remove_at(12));
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::EVICT }), 12);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::EVICT }), 4);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 4, .mode = Mode::EVICT }), 20);
}

/* Fills, takes some nodes away at random and fills again: always from the one end on. */
static void expect_order_of_filling(struct kunit *test, Mode mode) KXX_MAY_SLEEP
{
	constexpr u64 n = 64;
	bool down = mode == Mode::HIGH;
	Random random(n);
	auto made = Arena::make(10, 2 * n);
	auto order = shuffled(n, random);

	KUNIT_ASSERT_TRUE(test, made && order);

	auto arena = std::move(made).value();
	auto numbers = std::move(order).value();
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
	auto made = Arena::make(1, 63);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
	/* 2 units at a multiple of 16 are only in the middle one of three holes. */
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
	/* The middle one is now the newest. */
	KUNIT_EXPECT_EQ(test, in_mode(Mode::EVICT | Mode::ONCE), 0);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 3, .mode = Mode::LOWEST }), 1);
	KUNIT_EXPECT_EQ(test, arena->start_of_inserted({ .size = 3, .mode = Mode::HIGHEST }), 51);
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
	KUNIT_EXPECT_EQ(test, static_cast<unsigned int>(Mode::LOW | Mode::ONCE),
			static_cast<unsigned int>(Mode::LOWEST));
	KUNIT_EXPECT_EQ(test, static_cast<unsigned int>(Mode::HIGH | Mode::ONCE),
			static_cast<unsigned int>(Mode::HIGHEST));
}

/* As many nodes as the allocator [64, 192) and the range share, all of them in both. */
static void expect_insertions_in_range(struct kunit *test,
				       const ranges::Request &request) KXX_MAY_SLEEP
{
	auto made = Arena::make(64, 128);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
	u64 start = request.start > 64 ? request.start : 64;
	u64 end = request.end < 192 ? request.end : 192;

	KUNIT_EXPECT_EQ(test, fill(*arena, request), (end - start) / request.size);
	for (const auto &node : (**arena).nodes())
		KUNIT_EXPECT_TRUE(test, node.start() >= start && node.start() + node.size() <= end);
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
	/* And what is outside has stayed free. */
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
	auto made = Arena::make(64, 128);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
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
	auto made = Arena::make(64, 128);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = Arena::make(64, 128);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
		auto made = Arena::make(1, 1 << 16);

		KUNIT_ASSERT_TRUE(test, made);

		auto arena = std::move(made).value();

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

/* The first and the last multiple of @alignment in 64 bits. */
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
	auto made = Arena::make(1, most - 1);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	for (unsigned int bit = 0; bit < 64; bit++)
		expect_alignment(test, *arena, u64{ 1 } << bit);
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

static void other_numbers_up_to_64_bits_align(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(1, most - 1);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	for (u64 power = 3, next = 9; next / 3 == power; power = next, next *= 3)
		expect_alignment(test, *arena, power);
	for (u64 power : { u64{ 1 } << 31, u64{ 1 } << 32, u64{ 1 } << 62, u64{ 1 } << 63 }) {
		expect_alignment(test, *arena, power - 1);
		expect_alignment(test, *arena, power + 1);
	}
	expect_alignment(test, *arena, most - 1);
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

/* 2^i units at a multiple of 2^i, for each i, are all of [1, 2^bits - 1), or all but one. */
static void expect_powers_to_fill(struct kunit *test, unsigned int bits, Mode mode) KXX_MAY_SLEEP
{
	u64 top = u64{ 1 } << (bits - 1);
	auto made = Arena::make(1, top - 1 + top - 1);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto low = Arena::make(1, 63);
	auto high = Arena::make(most - 100, 100);

	KUNIT_ASSERT_TRUE(test, low && high);

	auto bottom = std::move(low).value();
	auto top = std::move(high).value();

	for (Mode mode : modes) {
		for (u64 alignment : { u64{ 64 }, u64{ 97 }, u64{ 1 } << 63, most })
			KUNIT_EXPECT_EQ(
				test,
				errno_of(bottom->insert({ .alignment = alignment, .mode = mode })),
				ENOSPC.to_errno());
		/* The next multiple is beyond 64 bits. */
		for (u64 alignment : { u64{ 128 }, u64{ 1 } << 63, most, (u64{ 1 } << 63) + 1 })
			KUNIT_EXPECT_EQ(
				test,
				errno_of(top->insert({ .alignment = alignment, .mode = mode })),
				ENOSPC.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, bottom->is_one_hole());
	KUNIT_EXPECT_TRUE(test, top->is_one_hole());
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
	auto made = Arena::make(0, 4 * n);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4 }) == n);
	for (Mode mode : modes)
		expect_fragments(test, *arena, n, mode);
	/* The holes of the odd ones take in the even ones. */
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
	auto made = Arena::make(0, 12);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = Arena::make(1000, 4096);
	Random random(1);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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

static void replace_hands_over_the_range_and_gives_the_old_memory(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto made = make_space(0, 64);
	auto first = FreeNode::make(GFP_KERNEL, 1);
	auto second = FreeNode::make(GFP_KERNEL, 2);

	KUNIT_ASSERT_TRUE(test, made);
	KUNIT_ASSERT_TRUE(test, first && second);

	Box<Space> space = std::move(made).value();
	auto reserved = space->lock()->reserve_node(std::move(first).value(), 10, 20, 7);

	KUNIT_ASSERT_TRUE(test, reserved);

	Node node = std::move(reserved).value();
	auto *old = node.as_raw();
	auto replaced = space->lock()->replace_node(node, std::move(second).value());

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
	auto made = Arena::make(100, 3 * n);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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

namespace {

/* Allows nothing while it is told so. */
struct Moody {
	static void color_adjust(const drm::MmNodeBase &, const drm::MmNodeBase &, unsigned long,
				 u64 &start, u64 &end)
	{
		if (refuses)
			start = end;
	}

	static inline bool refuses;
};

/* Would have all there is, and more. */
struct Greedy {
	static void color_adjust(const drm::MmNodeBase &, const drm::MmNodeBase &, unsigned long,
				 u64 &start, u64 &end)
	{
		start = 0;
		end = most;
	}
};

/* Notes what it is asked about. */
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

	/* -1 for an end of the allocator. */
	static inline long before_color, after_color;
	static inline unsigned long color_of_ends, asked_color;
	static inline u64 asked_start, asked_end, calls;
};

} // namespace

static void replacement_does_not_ask_color_adjust(struct kunit *test) KXX_MAY_SLEEP
{
	using MoodyArena = ranges::Arena<drm::NoPayload, Moody>;

	Moody::refuses = false;

	auto made = MoodyArena::make(0, 64);
	auto memory = MoodyArena::FreeNode::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && memory);

	auto arena = std::move(made).value();
	auto reserved = arena->reserve(8, 8);

	KUNIT_ASSERT_TRUE(test, reserved);

	auto node = MoodyArena::Node::from_raw(std::move(reserved).value());

	Moody::refuses = true;
	KUNIT_EXPECT_EQ(test, errno_of(arena->insert({})), ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, (**arena).replace_node(node, std::move(memory).value()));
	KUNIT_EXPECT_EQ(test, node.start(), 8);
	static_cast<void>(std::move(node).into_raw());
	/* It is asked again afterwards. */
	KUNIT_EXPECT_EQ(test, errno_of(arena->insert({})), ENOSPC.to_errno());
	Moody::refuses = false;
	KUNIT_EXPECT_TRUE(test, arena->insert({}));
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void color_is_kept_for_its_owner(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	for (unsigned long color : { 0ul, 1ul, ~0ul }) {
		auto reserved = arena->reserve(20 + color % 8, 1, color);

		KUNIT_ASSERT_TRUE(test, reserved);
		KUNIT_EXPECT_EQ(test, std::move(reserved).value()->color(), color);
	}
	for (Mode mode : modes) {
		auto inserted = arena->insert({ .color = ~0ul, .mode = mode });

		KUNIT_ASSERT_TRUE(test, inserted);
		KUNIT_EXPECT_EQ(test, std::move(inserted).value()->color(), ~0ul);
	}
	/* Without a color_adjust() it is nothing but that. */
	arena->clear();
	for (unsigned long color = 0; color < 64; color++)
		KUNIT_EXPECT_TRUE(test, arena->insert({ .color = color }));
	KUNIT_EXPECT_TRUE(test, arena->is_full());
}

static void color_adjust_keeps_other_colors_apart(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = GuardedArena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = GuardedArena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
		auto made = GuardedArena::make(7, 512);
		Random random(3);

		KUNIT_ASSERT_TRUE(test, made);

		auto arena = std::move(made).value();

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
		/* What is left are the gaps. */
		for (auto [start, size] : (**arena).holes())
			KUNIT_EXPECT_TRUE(test, size <= 2);
	}
}

static void reservation_that_touches_another_color_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = GuardedArena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, arena->reserve(20, 10, 1));
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(30, 1, 2)), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(0, 20, 2)), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(0, 19, 2)), 0);
	KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(31, 33, 2)), 0);
	/* To the gaps nothing but the color of one side comes near, and the other forbids it. */
	for (unsigned long color = 1; color <= 3; color++)
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(30, 1, color)), ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void color_adjust_cannot_widen_a_hole(struct kunit *test) KXX_MAY_SLEEP
{
	using GreedyArena = ranges::Arena<drm::NoPayload, Greedy>;

	for (Mode mode : modes) {
		auto made = GreedyArena::make(32, 64);

		KUNIT_ASSERT_TRUE(test, made);

		auto arena = std::move(made).value();

		KUNIT_ASSERT_TRUE(test, arena->reserve(40, 3) && arena->reserve(70, 1));
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(39, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(42, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(31, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->reserve(95, 2)), ENOSPC.to_errno());
		KUNIT_EXPECT_EQ(test, errno_of(arena->insert({ .size = 28, .mode = mode })),
				ENOSPC.to_errno());
		/* 8, 27 and 25 units are free. */
		KUNIT_EXPECT_EQ(test, fill(*arena, { .size = 4, .mode = mode }), 2 + 6 + 6);
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
		KUNIT_EXPECT_EQ(test, fill(*arena, { .mode = mode }), 3 + 1);
		KUNIT_EXPECT_TRUE(test, arena->is_full());
	}
}

static void color_adjust_is_told_the_hole_and_its_neighbours(struct kunit *test) KXX_MAY_SLEEP
{
	using WitnessArena = ranges::Arena<drm::NoPayload, Witness>;
	auto made = WitnessArena::make(16, 32);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	Witness::calls = 0;
	/* In an empty allocator, both neighbours are its ends. */
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

static void nodes_come_by_their_start(struct kunit *test) KXX_MAY_SLEEP
{
	constexpr u64 n = 100;
	Random random(5);
	auto made = Arena::make(0, 3 * n);
	auto order = shuffled(n, random);

	KUNIT_ASSERT_TRUE(test, made && order);

	auto arena = std::move(made).value();
	auto numbers = std::move(order).value();
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
	auto made = Arena::make(10, 10);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
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
	auto made = Arena::make(0, n);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, { .size = 4, .mode = Mode::LOW }) == 16);
	/* Those at 8 to 28. */
	for (auto &node : (**arena).nodes_in_range(10, 29))
		KUNIT_EXPECT_TRUE(test, arena->remove(node));
	KUNIT_EXPECT_EQ(test, arena->nr_nodes(), 16 - 6);
	KUNIT_EXPECT_TRUE(test,
			  (**arena).interval_first(0, most) && !(**arena).interval_first(8, 31));
	for (auto &node : (**arena).nodes_in_range(0, most))
		KUNIT_EXPECT_TRUE(test, arena->remove(node));
	KUNIT_EXPECT_TRUE(test, arena->is_one_hole());
}

/* Which nodes these are, and in which order. */
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
	auto made = Arena::make(100, 512);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, scatter(*arena, 100, 512));
	KUNIT_ASSERT_TRUE(test, arena->nr_nodes() > 20 && arena->nr_holes() > 10);
	for (auto [start, end] : some)
		expect_nodes_in_range(test, *arena, start, end);
	for (int i = 0; i < 200; i++) {
		u64 start = 80 + random.below(560);

		expect_nodes_in_range(test, *arena, start, start + random.below(60));
	}
	/* With no hole at either end, too. */
	fill(*arena, {});
	for (auto [start, end] : some)
		expect_nodes_in_range(test, *arena, start, end);
}

static void interval_first_is_the_lowest_node_in_the_range(struct kunit *test) KXX_MAY_SLEEP
{
	Random random(11);
	auto made = Arena::make(100, 512);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
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
	auto made = Arena::make(0, 48);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
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
	auto made = Arena::make(100, 30);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
	auto reserved = arena->reserve(110, 10);
	u64 ends = 0;

	KUNIT_ASSERT_TRUE(test, reserved);
	for (auto [start, size] : (**arena).holes()) {
		KUNIT_EXPECT_EQ(test, size, 10);
		ends += start;
	}
	KUNIT_EXPECT_EQ(test, ends, 100 + 120);
	KUNIT_EXPECT_TRUE(test, std::move(reserved).value()->hole_follows());
	KUNIT_ASSERT_TRUE(test, arena->reserve(120, 10));
	KUNIT_EXPECT_FALSE(test, (**arena).interval_first(110, 110)->hole_follows());
}

static void payload_lives_as_long_as_the_memory(struct kunit *test) KXX_MAY_SLEEP
{
	Payload::alive = 0;

	auto made = make_space(0, 16);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Space> space = std::move(made).value();
	{
		auto allocated = FreeNode::make(GFP_KERNEL, 3);

		KUNIT_ASSERT_TRUE(test, allocated);
		KUNIT_EXPECT_EQ(test, Payload::alive, 1);

		auto inserted = space->lock()->insert_node(std::move(allocated).value(), 4);

		KUNIT_ASSERT_TRUE(test, inserted);

		Node node = std::move(inserted).value();

		KUNIT_EXPECT_EQ(test, Payload::alive, 1);
		KUNIT_EXPECT_EQ(test, node->value, 3);
		(*node).value = 4;

		auto removed = space->lock()->remove_node(std::move(node));

		KUNIT_ASSERT_TRUE(test, removed);

		FreeNode memory = std::move(removed).value();

		/* Outside of any allocator, and not freed before its owner says so. */
		KUNIT_EXPECT_EQ(test, Payload::alive, 1);
		KUNIT_EXPECT_EQ(test, (**memory).value, 4);
	}
	KUNIT_EXPECT_EQ(test, Payload::alive, 0);
}

static void payload_stays_where_it_is_when_the_node_moves(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = make_space(0, 16);
	auto allocated = FreeNode::make(GFP_KERNEL, 3);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<Space> space = std::move(made).value();
	FreeNode memory = std::move(allocated).value();
	const Payload *where = &**memory;
	auto inserted = space->lock()->insert_node(std::move(memory), 4);

	KUNIT_ASSERT_TRUE(test, inserted);

	Node node = std::move(inserted).value();
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
	auto first = Arena::make(0, 16);
	auto second = Arena::make(100, 16);
	auto allocated = Arena::FreeNode::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, first && second);
	KUNIT_ASSERT_TRUE(test, allocated);

	auto one = std::move(first).value();
	auto other = std::move(second).value();
	auto *memory = std::move(allocated).value().into_raw();

	for (u64 i = 0; i < 8; i++) {
		Arena &arena = i % 3 ? *one : *other;
		auto inserted = (*arena).insert_node_generic(Arena::FreeNode::from_raw(memory),
							     i + 1, 0, i, modes[i % 4]);

		KUNIT_ASSERT_TRUE(test, inserted);

		auto node = std::move(inserted).value();

		KUNIT_EXPECT_TRUE(test, node.as_raw() == memory);
		KUNIT_EXPECT_TRUE(test, node.size() == i + 1 && node.color() == i);
		KUNIT_EXPECT_TRUE(test, arena.is_sound());

		auto removed = (*arena).remove_node(std::move(node));

		KUNIT_ASSERT_TRUE(test, removed);
		memory = std::move(removed).value().into_raw();
		KUNIT_EXPECT_FALSE(test, memory->allocated());
		KUNIT_EXPECT_TRUE(test, arena.is_one_hole());
	}

	auto freed = Arena::FreeNode::from_raw(memory);
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm, "kxx_drm_mm",
		KXX_KUNIT_CASE(range_that_is_empty_or_overflows_is_einval),
		KXX_KUNIT_CASE(allocator_is_clean_and_one_hole_before_and_after),
		KXX_KUNIT_CASE(nodes_fill_a_locked_range_and_come_back),
		KXX_KUNIT_CASE(bad_sizes_are_errors_not_bugs),
		KXX_KUNIT_CASE(failed_insertion_leaves_the_memory_to_its_owner),
		KXX_KUNIT_CASE(reserve_takes_exactly_the_range),
		KXX_KUNIT_CASE(reservation_that_overlaps_a_node_is_enospc),
		KXX_KUNIT_CASE(reservation_outside_the_allocator_is_enospc),
		KXX_KUNIT_CASE(reservation_of_nothing_or_that_overflows_is_einval),
		KXX_KUNIT_CASE(reservations_in_random_order_fill_the_range),
		KXX_KUNIT_CASE(insertions_fill_the_range_in_every_mode),
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
		KXX_KUNIT_CASE(alignment_that_nothing_in_the_range_has_is_enospc),
		KXX_KUNIT_CASE(fragments_are_holes_that_can_be_filled),
		KXX_KUNIT_CASE(removed_neighbours_become_one_hole),
		KXX_KUNIT_CASE(allocator_stays_sound_under_a_random_mix),
		KXX_KUNIT_CASE(replace_hands_over_the_range_and_gives_the_old_memory),
		KXX_KUNIT_CASE(replacement_keeps_a_full_allocator_full_in_every_mode),
		KXX_KUNIT_CASE(replacement_does_not_ask_color_adjust),
		KXX_KUNIT_CASE(color_is_kept_for_its_owner),
		KXX_KUNIT_CASE(color_adjust_keeps_other_colors_apart),
		KXX_KUNIT_CASE(color_adjust_lets_equal_colors_touch),
		KXX_KUNIT_CASE(random_colors_are_kept_apart_in_every_mode),
		KXX_KUNIT_CASE(reservation_that_touches_another_color_is_enospc),
		KXX_KUNIT_CASE(color_adjust_cannot_widen_a_hole),
		KXX_KUNIT_CASE(color_adjust_is_told_the_hole_and_its_neighbours),
		KXX_KUNIT_CASE(nodes_come_by_their_start),
		KXX_KUNIT_CASE(no_nodes_are_no_iteration),
		KXX_KUNIT_CASE(node_at_hand_may_be_removed_while_iterating),
		KXX_KUNIT_CASE(node_at_hand_may_be_removed_in_a_range),
		KXX_KUNIT_CASE(nodes_in_range_are_those_that_overlap_it),
		KXX_KUNIT_CASE(interval_first_is_the_lowest_node_in_the_range),
		KXX_KUNIT_CASE(holes_come_with_the_most_recent_first),
		KXX_KUNIT_CASE(hole_at_either_end_is_seen),
		KXX_KUNIT_CASE(payload_lives_as_long_as_the_memory),
		KXX_KUNIT_CASE(payload_stays_where_it_is_when_the_node_moves),
		KXX_KUNIT_CASE(memory_of_a_removed_node_can_be_inserted_anywhere));
