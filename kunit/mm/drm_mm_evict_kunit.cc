// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_evict_kunit.cc - tests of <kxx/mm/drm_mm_scan.hpp>
 *
 * After the nodes that a scan returns were evicted, the request must fit. Tests many requests in
 * each mode.
 */
#include "drm_mm_scan.hpp"

using namespace kxx;
using ranges::aligned;
using ranges::Guarded;
using ranges::Mode;
using ranges::modes;
using ranges::most;
using ranges::Request;
using ranges::Scan;

namespace {

using Arena = ranges::Arena<>;

struct Candidate {
	drm::MmNode<> *node;
	/* The scan wants this node to be evicted. */
	bool evict;
};

/* A node before its eviction. */
struct Evicted {
	u64 start;
	u64 size;
	unsigned long color;
};

/* Evicts nodes from @arena to make room for a request, and reserves them again. */
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

	/* Scans nodes in random order. If there is room then, evicts nodes, inserts and restores. */
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

	/*
	 * Adds nodes until the scan reports room; then removes all nodes from the scan, in
	 * reverse order, and records which ones to evict.
	 */
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

	/* Returns true if the request fits into the range when all nodes are evicted. */
	bool is_possible(const Request &request) const
	{
		u64 start = request.start > start_ ? request.start : start_;
		u64 end = request.end < end_ ? request.end : end_;

		start = aligned(start, request.alignment);
		return start && start < end && request.size <= end - start;
	}

	/*
	 * Checks that the marked nodes are in the range, and that the space between the outermost
	 * two is smaller than the request; otherwise these two need not be evicted.
	 */
	void expect_marked_are_in_the_way(struct kunit *test, const Request &request) const
	{
		u64 first_end = most;
		u64 last_start = 0;

		/* With color_adjust(), color_evict() may return all nodes to evict. */
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
			/* color_evict() returns at most one node on each side. */
			KUNIT_ASSERT_TRUE(test, nr_evicted_ < nr_marked_ + 2);
			evict(test, *node);
			nr_evicted_for_color_++;
		}
		KUNIT_EXPECT_TRUE(test, nr_evicted_ > 0);
	}

	/* Checks that insertion uses the hole that was made, which is the most recent. */
	void expect_insertion(struct kunit *test, const Request &request) KXX_MAY_SLEEP
	{
		drm::MmHole room = { 0, 0 };

		for (drm::MmHole hole : (*arena_).holes())
			room = room.size ? room : hole;
		for (u64 i = 0; i < nr_evicted_; i++)
			KUNIT_EXPECT_TRUE(test, evicted_[i].start >= room.start &&
							evicted_[i].start + evicted_[i].size <=
								room.start + room.size);

		auto node = KUNIT_ASSERT_VALUE(test, arena_.insert(request));
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

/* The range of all allocators of Evictions: [3, 3 + 256). */
constexpr u64 start_of_all = 3;
constexpr u64 size_of_all = 256;
constexpr u64 end_of_all = start_of_all + size_of_all;
constexpr u64 sizes[] = { 1, 7, 50, 256, 257 };
constexpr u64 alignments[] = { 0, 2, 13, 64, 254, 300 };

/*
 * Tests each combination of sizes and alignments in each mode. Some combination must fit if
 * @any_hit, and colors must cost additional evictions.
 */
template <typename Tag> struct Evictions {
	static void expect(struct kunit *test, u64 most_units, unsigned long colors, u64 start,
			   u64 end, bool any_hit = true) KXX_MAY_SLEEP
	{
		auto arena = KUNIT_ASSERT_VALUE(
			test, ranges::Arena<drm::NoPayload, Tag>::make(start_of_all, size_of_all));

		KUNIT_ASSERT_TRUE(test, fill(*arena, start_of_all, end_of_all, most_units, colors));

		auto evictor = KUNIT_ASSERT_VALUE(
			test, Evictor<Tag>::make(*arena, start_of_all, end_of_all));

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

static void scan_works_at_the_top_of_64_bits(struct kunit *test) KXX_MAY_SLEEP
{
	auto arena = KUNIT_ASSERT_VALUE(test, Arena::make(most - 64, 64));

	KUNIT_ASSERT_TRUE(test, fill(*arena, most - 64, most, 5, 1));

	auto evictor = KUNIT_ASSERT_VALUE(test, Evictor<void>::make(*arena, most - 64, most));

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

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_evict, "kxx_drm_mm_evict",
		KXX_KUNIT_CASE(eviction_makes_room_among_single_units),
		KXX_KUNIT_CASE(eviction_makes_room_among_nodes_of_all_sizes),
		KXX_KUNIT_CASE(eviction_in_a_range_names_nothing_outside),
		KXX_KUNIT_CASE(eviction_in_a_range_outside_the_allocator_names_nothing),
		KXX_KUNIT_CASE(eviction_heeds_color_adjust),
		KXX_KUNIT_CASE(eviction_of_one_color_needs_no_more_for_it),
		KXX_KUNIT_CASE(eviction_in_a_range_heeds_color_adjust),
		KXX_KUNIT_CASE(scan_works_at_the_top_of_64_bits));
