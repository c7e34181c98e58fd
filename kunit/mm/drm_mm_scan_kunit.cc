// SPDX-License-Identifier: GPL-2.0
/* drm_mm_scan_kunit.cc - <kxx/drm/drm_mm_scan.hpp> */
#include <kxx/mm/drm_mm_scan.hpp>

#include "drm_mm.hpp"

using namespace kxx;
using ranges::aligned;
using ranges::errno_of;
using ranges::Guarded;
using ranges::Mode;
using ranges::modes;
using ranges::most;
using ranges::Request;

namespace {

using Arena = ranges::Arena<>;
using GuardedArena = ranges::Arena<drm::NoPayload, Guarded>;

struct Candidate {
	drm::MmNode<> *node;
	/* It is in the way. */
	bool evict;
};

/* What a node had before it was evicted. */
struct Evicted {
	u64 start;
	u64 size;
	unsigned long color;
};

template <typename Tag> class Scan : public drm::MmScan<drm::NoPayload, Tag> {
public:
	Scan(ranges::Arena<drm::NoPayload, Tag> &arena, const Request &request)
		: drm::MmScan<drm::NoPayload, Tag>(*arena, request.size, request.alignment,
						   request.color, request.start, request.end,
						   request.mode)
	{
	}
};

/* Evicts from @arena what is in the way of a request, and puts it back. */
template <typename Tag> class Evictor {
public:
	using Arena = ranges::Arena<drm::NoPayload, Tag>;
	using MmNode = typename Arena::MmNode;

	static Result<Box<Evictor>> make(Arena &arena, u64 start, u64 end) KXX_MAY_SLEEP
	{
		u64 n = arena.nr_nodes();
		auto candidates = KXX_TRY(Box<Candidate[]>::make(GFP_KERNEL, n));
		auto evicted = KXX_TRY(Box<Evicted[]>::make(GFP_KERNEL, n));

		return Box<Evictor>::make(GFP_KERNEL, arena, start, end, std::move(candidates),
					  std::move(evicted));
	}

	Evictor(Arena &arena, u64 start, u64 end, Box<Candidate[]> candidates,
		Box<Evicted[]> evicted)
		: arena_(arena), start_(start), end_(end), candidates_(std::move(candidates)),
		  evicted_(std::move(evicted)), random_(end)
	{
	}

	/* A scan over all nodes, in an order that is new each time. */
	void expect_room_for(struct kunit *test, Request request) KXX_MAY_SLEEP
	{
		u64 before = arena_.fingerprint();
		Scan<Tag> scan(arena_, request);
		bool hit = false;

		collect_candidates();
		hit = scan_until_hit(test, scan);
		KUNIT_EXPECT_EQ(test, hit, is_possible(request));
		KUNIT_EXPECT_EQ(test, arena_.fingerprint(), before);
		if (!hit) {
			KUNIT_EXPECT_EQ(test, nr_marked_, 0);
			KUNIT_EXPECT_TRUE(test, !scan.color_evict());
			return;
		}
		expect_marked_are_in_the_way(test, request);
		evict_marked(test, scan);
		request.mode = Mode::EVICT;
		expect_insertion(test, request);
		restore(test);
	}

	u64 nr_evicted_for_color() const { return nr_evicted_for_color_; }
	u64 nr_hits() const { return nr_hits_; }

private:
	void collect_candidates()
	{
		nr_candidates_ = 0;
		for (MmNode &node : (*arena_).nodes())
			candidates_[nr_candidates_++] = { &node, false };
		random_.shuffle(&candidates_[0], nr_candidates_);
	}

	/* All nodes come off the roster again, in the reverse order, and some are marked. */
	bool scan_until_hit(struct kunit *test, Scan<Tag> &scan)
	{
		bool hit = false;
		u64 n = 0;

		while (!hit && n < nr_candidates_) {
			auto added = scan.add_block(*candidates_[n++].node);

			KUNIT_EXPECT_TRUE(test, added);
			if (added)
				hit = std::move(added).value();
		}
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
		nr_marked_ = 0;
		while (auto block = scan.remove_block()) {
			if (!n)
				break;
			n--;
			KUNIT_EXPECT_TRUE(test, block.node == candidates_[n].node);
			candidates_[n].evict = block.evict;
			nr_marked_ += block.evict;
		}
		KUNIT_EXPECT_EQ(test, n, 0);
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
		nr_hits_ += hit;
		return hit;
	}

	/* With all nodes gone there is one hole. */
	bool is_possible(const Request &request) const
	{
		u64 start = request.start > start_ ? request.start : start_;
		u64 end = request.end < end_ ? request.end : end_;

		start = aligned(start, request.alignment);
		return start && start < end && request.size <= end - start;
	}

	/* They lie in the range, and the inner ones of them are less than what is wanted. */
	void expect_marked_are_in_the_way(struct kunit *test, const Request &request) const
	{
		u64 first_end = most;
		u64 last_start = 0;

		/* Between two colors there is a hole, where only its neighbours are in the way. */
		if constexpr (!requires { &Tag::color_adjust; })
			KUNIT_EXPECT_TRUE(test, nr_marked_ > 0);
		for (u64 i = 0; i < nr_candidates_; i++) {
			u64 start = candidates_[i].node->start();
			u64 end = start + candidates_[i].node->size();

			if (!candidates_[i].evict)
				continue;
			KUNIT_EXPECT_TRUE(test, start < request.end && end > request.start);
			first_end = end < first_end ? end : first_end;
			last_start = start > last_start ? start : last_start;
		}
		KUNIT_EXPECT_TRUE(test,
				  last_start < first_end || last_start - first_end < request.size);
	}

	void evict(struct kunit *test, MmNode &node)
	{
		KUNIT_ASSERT_TRUE(test, nr_evicted_ < evicted_.size());
		evicted_[nr_evicted_++] = { node.start(), node.size(), node.color() };
		KUNIT_EXPECT_TRUE(test, arena_.remove(node));
	}
	void evict_marked(struct kunit *test, Scan<Tag> &scan)
	{
		for (u64 i = 0; i < nr_candidates_; i++) {
			if (!candidates_[i].evict)
				continue;
			KUNIT_EXPECT_TRUE(test, !scan.color_evict());
			evict(test, *candidates_[i].node);
		}
		while (MmNode *node = scan.color_evict()) {
			/* One on either side. */
			KUNIT_ASSERT_TRUE(test, nr_evicted_ < nr_marked_ + 2);
			evict(test, *node);
			nr_evicted_for_color_++;
		}
		KUNIT_EXPECT_TRUE(test, nr_evicted_ > 0);
	}

	/* In the room that was made, and that is the most recent hole. */
	void expect_insertion(struct kunit *test, const Request &request) KXX_MAY_SLEEP
	{
		drm::MmHole room = { 0, 0 };

		for (drm::MmHole hole : (*arena_).holes())
			room = room.size ? room : hole;
		for (u64 i = 0; i < nr_evicted_; i++)
			KUNIT_EXPECT_TRUE(test, evicted_[i].start >= room.start &&
							evicted_[i].start + evicted_[i].size <=
								room.start + room.size);

		auto inserted = arena_.insert(request);

		KUNIT_ASSERT_TRUE(test, inserted);

		MmNode *node = std::move(inserted).value();
		u64 start = node->start();

		KUNIT_EXPECT_TRUE(test, start >= room.start &&
						start + request.size <= room.start + room.size);
		KUNIT_EXPECT_TRUE(test,
				  start >= request.start && start + request.size <= request.end);
		KUNIT_EXPECT_EQ(test, aligned(start, request.alignment), start);
		KUNIT_EXPECT_TRUE(test, Guarded::is_kept(*arena_));
		KUNIT_EXPECT_TRUE(test, arena_.remove(*node));
	}

	void restore(struct kunit *test) KXX_MAY_SLEEP
	{
		while (nr_evicted_) {
			const Evicted &node = evicted_[--nr_evicted_];

			KUNIT_EXPECT_TRUE(test, arena_.reserve(node.start, node.size, node.color));
		}
		KUNIT_EXPECT_TRUE(test, arena_.nr_nodes() == nr_candidates_);
	}

	Arena &arena_;
	u64 start_;
	u64 end_;
	Box<Candidate[]> candidates_;
	Box<Evicted[]> evicted_;
	u64 nr_candidates_ = 0;
	u64 nr_marked_ = 0;
	u64 nr_evicted_ = 0;
	u64 nr_evicted_for_color_ = 0;
	u64 nr_hits_ = 0;
	Random random_;
};

/* Nodes of one to @most_units each, of one of @colors, as near to each other as they may be. */
template <typename Tag>
bool fill(ranges::Arena<drm::NoPayload, Tag> &arena, u64 start, u64 end, u64 most_units,
	  unsigned long colors) KXX_MAY_SLEEP
{
	Random random(most_units + colors);

	for (u64 at = start, last_color = 0; at < end;) {
		unsigned long color = random.below(colors);
		u64 size = 1 + random.below(most_units);

		at += at > start && color != last_color;
		if (at >= end)
			break;
		size = size < end - at ? size : end - at;
		if (!arena.reserve(at, size, color))
			return false;
		at += size;
		last_color = color;
	}
	return true;
}

/* The allocators of the tests are [3, 3 + 256). */
constexpr u64 start_of_all = 3;
constexpr u64 size_of_all = 256;
constexpr u64 end_of_all = start_of_all + size_of_all;
constexpr u64 sizes[] = { 1, 7, 50, 256, 257 };
constexpr u64 alignments[] = { 0, 2, 13, 64, 254, 300 };

/* Each combination in each mode; how many of them had room, and what colors cost. */
template <typename Tag> struct Evictions {
	static void expect(struct kunit *test, u64 most_units, unsigned long colors, u64 start,
			   u64 end, bool any_hit = true) KXX_MAY_SLEEP
	{
		auto made = ranges::Arena<drm::NoPayload, Tag>::make(start_of_all, size_of_all);

		KUNIT_ASSERT_TRUE(test, made);

		auto arena = std::move(made).value();

		KUNIT_ASSERT_TRUE(test, fill(*arena, start_of_all, end_of_all, most_units, colors));

		auto allocated = Evictor<Tag>::make(*arena, start_of_all, end_of_all);

		KUNIT_ASSERT_TRUE(test, allocated);

		auto evictor = std::move(allocated).value();

		for (Mode mode : modes)
			for (u64 size : sizes)
				for (u64 alignment : alignments) {
					if (size > end - start)
						continue;
					evictor->expect_room_for(test, { .size = size,
									 .alignment = alignment,
									 .color = size % colors,
									 .start = start,
									 .end = end,
									 .mode = mode });
				}
		KUNIT_EXPECT_EQ(test, evictor->nr_hits() > 0, any_hit);
		if constexpr (requires { &Tag::color_adjust; })
			KUNIT_EXPECT_EQ(test, evictor->nr_evicted_for_color() > 0,
					any_hit && colors > 1);
		KUNIT_EXPECT_TRUE(test, arena->is_sound());
		KUNIT_EXPECT_TRUE(test, Guarded::is_kept(**arena) || colors == 1);
	}
};

/* The nodes that have these units, put on the roster of @scan; what the last one gave, or -1. */
template <size_t n, typename Arena, typename Scan>
int add(Arena &arena, Scan &scan, const u64 (&units)[n])
{
	drm::MmNode<> *nodes[n];
	int room = -1;

	/* While a node is on the roster nothing can be looked up. */
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

/* The starts of the nodes to evict, from the last one added on, as digits of a number. */
template <typename Scan> u64 to_evict(Scan &scan)
{
	u64 digits = 0;

	while (auto block = scan.remove_block())
		digits = block.evict ? digits * 100 + block.node->start() : digits;
	return digits;
}

} // namespace

static void eviction_makes_room_among_single_units(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<void>::expect(test, 1, 1, 0, most);
}

static void eviction_makes_room_among_nodes_of_all_sizes(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<void>::expect(test, 12, 1, 0, most);
}

static void eviction_in_a_range_names_nothing_outside(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<void>::expect(test, 6, 1, 50, 121);
	Evictions<void>::expect(test, 6, 1, 0, 40);
	Evictions<void>::expect(test, 6, 1, 200, 1000);
	Evictions<void>::expect(test, 6, 1, 120, 121);
}

static void
eviction_in_a_range_outside_the_allocator_names_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<void>::expect(test, 12, 1, 0, start_of_all, false);
	Evictions<void>::expect(test, 12, 1, end_of_all, most, false);
}

static void eviction_heeds_color_adjust(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<Guarded>::expect(test, 1, 3, 0, most);
	Evictions<Guarded>::expect(test, 8, 3, 0, most);
}

static void eviction_of_one_color_needs_no_more_for_it(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<Guarded>::expect(test, 8, 1, 0, most);
}

static void eviction_in_a_range_heeds_color_adjust(struct kunit *test) KXX_MAY_SLEEP
{
	Evictions<Guarded>::expect(test, 6, 3, 50, 121);
	Evictions<Guarded>::expect(test, 6, 3, 0, 40);
	Evictions<Guarded>::expect(test, 6, 3, 200, 1000);
}

static void scan_that_finds_nothing_leaves_all_as_it_was(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(1, 63);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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

			/* Around holes and not, and never enough of them. */
			KUNIT_EXPECT_EQ(test, add(*arena, scan, { 43, 39, 1, 63, 10, 12, 11, 19 }),
					0);
			KUNIT_EXPECT_EQ(test, to_evict(scan), 0);
			KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
		}
	KUNIT_EXPECT_TRUE(test, arena->is_sound());
}

static void scan_evicts_only_what_is_in_the_way(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));
	KUNIT_ASSERT_TRUE(test, arena->remove_at(30) && arena->remove_at(33));
	{
		/* With the holes at 30 and 33, two nodes of these six make room for 4. */
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
	auto made = Arena::make(0, 24);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	Scan<void> scan(*arena, { .size = 2 });

	/* The last one makes no room itself. */
	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 10, 20, 21, 40 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(scan), 2120);
}

static void scan_works_at_the_top_of_64_bits(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(most - 64, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, most - 64, most, 5, 1));

	auto allocated = Evictor<void>::make(*arena, most - 64, most);

	KUNIT_ASSERT_TRUE(test, allocated);

	auto evictor = std::move(allocated).value();

	for (Mode mode : modes)
		for (u64 size : { 1, 5, 64, 65 })
			for (u64 alignment :
			     { u64{ 0 }, u64{ 16 }, u64{ 11 }, u64{ 1 } << 63, most })
				evictor->expect_room_for(
					test,
					{ .size = size, .alignment = alignment, .mode = mode });
	KUNIT_EXPECT_TRUE(test, evictor->nr_hits() > 0);
	KUNIT_EXPECT_TRUE(test, arena->is_full());
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
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, arena->reserve(0, 32));

	u64 before = arena->fingerprint();

	for (const Request &request : bad) {
		Scan<void> scan(*arena, request);

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 0 }), EINVAL.to_errno());
		KUNIT_EXPECT_FALSE(test, scan.remove_block());
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
	}
	KUNIT_EXPECT_EQ(test, arena->fingerprint(), before);
	/* Such a scan does not hinder others. */
	Scan<void> bad_one(*arena, bad[0]);
	Scan<void> scan(*arena, { .size = 40 });

	KUNIT_EXPECT_EQ(test, add(*arena, bad_one, { 0 }), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 0 }), 1);
}

static void scan_of_exactly_the_range_can_be(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	Scan<void> scan(*arena, { .size = 3, .start = 10, .end = 13 });

	KUNIT_EXPECT_EQ(test, add(*arena, scan, { 9, 13, 12, 11, 10 }), 1);
	KUNIT_EXPECT_EQ(test, to_evict(scan), 101112);
}

static void empty_roster_has_no_block(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();
	Scan<void> scan(*arena, { .size = 4 });
	auto block = scan.remove_block();

	KUNIT_EXPECT_FALSE(test, block);
	KUNIT_EXPECT_FALSE(test, block.evict);
	KUNIT_EXPECT_TRUE(test, !block.node);
	/* Nobody is kept out by a scan without nodes. */
	KUNIT_EXPECT_TRUE(test, arena->insert({ .size = 4 }));
	KUNIT_EXPECT_TRUE(test, arena->remove_at(0));
}

static void scan_that_gives_nodes_back_takes_no_more(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 4, 1));
	KUNIT_ASSERT_TRUE(test, arena->remove_at(33));

	u64 before = arena->fingerprint();

	/* With all nodes on the roster, and with half of them off again. */
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
	auto made = Arena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	/* Both are made before either has nodes. */
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
	auto made = ranges::Arena<int>::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
	auto made = GuardedArena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	KUNIT_ASSERT_TRUE(test, fill(*arena, 0, 64, 1, 1));

	/* Three of another color need the room of three, and a gap on either side. */
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

/* A gap at the ends of the allocator, too; and where it is told so, a wider one. */
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
	auto made = ranges::Arena<drm::NoPayload, Shy>::make(10, 20);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

	Shy::gap = 1;
	KUNIT_ASSERT_TRUE(test, arena->reserve(11, 18));
	for (Mode mode : { Mode::LOW, Mode::HIGH }) {
		Shy::gap = 1;

		Scan<Shy> scan(*arena, { .size = 18, .mode = mode });

		KUNIT_EXPECT_EQ(test, add(*arena, scan, { 11 }), 1);
		KUNIT_EXPECT_EQ(test, to_evict(scan), 11);
		KUNIT_ASSERT_TRUE(test, arena->remove_at(11));
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
		/* What it leaves now is less than the scan was told. */
		Shy::gap = 2;
		KUNIT_EXPECT_TRUE(test, !scan.color_evict());
		Shy::gap = 1;
		KUNIT_ASSERT_TRUE(test, arena->insert({ .size = 18 }));
	}
}

static void color_evict_survives_a_room_that_was_taken_meanwhile(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = GuardedArena::make(0, 64);

	KUNIT_ASSERT_TRUE(test, made);

	auto arena = std::move(made).value();

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
		KXX_KUNIT_CASE(eviction_makes_room_among_single_units),
		KXX_KUNIT_CASE(eviction_makes_room_among_nodes_of_all_sizes),
		KXX_KUNIT_CASE(eviction_in_a_range_names_nothing_outside),
		KXX_KUNIT_CASE(eviction_in_a_range_outside_the_allocator_names_nothing),
		KXX_KUNIT_CASE(eviction_heeds_color_adjust),
		KXX_KUNIT_CASE(eviction_of_one_color_needs_no_more_for_it),
		KXX_KUNIT_CASE(eviction_in_a_range_heeds_color_adjust),
		KXX_KUNIT_CASE(scan_that_finds_nothing_leaves_all_as_it_was),
		KXX_KUNIT_CASE(scan_evicts_only_what_is_in_the_way),
		KXX_KUNIT_CASE(room_is_at_the_end_that_the_mode_says),
		KXX_KUNIT_CASE(scan_that_has_room_keeps_it),
		KXX_KUNIT_CASE(scan_works_at_the_top_of_64_bits),
		KXX_KUNIT_CASE(scan_for_what_cannot_be_is_einval),
		KXX_KUNIT_CASE(scan_of_exactly_the_range_can_be),
		KXX_KUNIT_CASE(empty_roster_has_no_block),
		KXX_KUNIT_CASE(scan_that_gives_nodes_back_takes_no_more),
		KXX_KUNIT_CASE(scan_that_goes_leaves_the_allocator_whole),
		KXX_KUNIT_CASE(one_scan_may_follow_another), KXX_KUNIT_CASE(block_has_its_payload),
		KXX_KUNIT_CASE(color_evict_names_both_neighbours),
		KXX_KUNIT_CASE(color_evict_does_not_name_an_end_of_the_allocator),
		KXX_KUNIT_CASE(color_evict_survives_a_room_that_was_taken_meanwhile));
