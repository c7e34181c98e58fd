// SPDX-License-Identifier: GPL-2.0
/*
 * drm_mm_model_kunit.cc - compares <kxx/mm/drm_mm.hpp> and <kxx/mm/drm_mm_scan.hpp> with a model
 *
 * The model is an array with the owner of each unit. After each of many random operations the
 * allocator must match the array.
 */
#include <optional>

#include <kxx/mm/drm_mm.hpp>
#include <kxx/mm/drm_mm_scan.hpp>

#include "../kunit.hpp"
#include "../random.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

/* The result of a step without an error; otherwise a step returns the rule that was broken. */
constexpr const char *nothing = "";

constexpr u64 units = 48;
constexpr u64 anywhere = ~u64{ 0 };

/* Identifies a node; also its payload. In Trial::owner_, 0 means that the unit is free. */
using Number = unsigned int;

struct Payload {
	explicit Payload(Number number) : number(number) {}

	Number number;
};

using Mm = drm::Mm<Payload>;
using Node = drm::Node<Payload>;
using FreeNode = drm::FreeNode<Payload>;
using RawNode = drm::MmNode<Payload>;
using Mode = drm::MmInsertMode;

struct Want {
	bool is_invalid() const { return !size || end < start; }
	bool is_anywhere() const { return !start && end == anywhere; }

	u64 size;
	u64 alignment;
	unsigned long color;
	u64 start;
	u64 end;
	Mode mode;
	bool once;
};

/* Returns the place that @want must get in @hole: the lowest one, for HIGH the highest. */
std::optional<u64> place(drm::MmHole hole, const Want &want)
{
	u64 alignment = want.alignment ? want.alignment : 1;
	u64 low = hole.start < want.start ? want.start : hole.start;
	u64 end = hole.start + hole.size < want.end ? hole.start + hole.size : want.end;
	std::optional<u64> found;

	for (u64 at = low; at < end && end - at >= want.size; at++) {
		if (at % alignment)
			continue;
		found = at;
		if (want.mode != Mode::HIGH)
			break;
	}
	return found;
}

/* Counts each outcome, to check that the random operations covered it. */
struct Seen {
	unsigned int inserted[4] = {};
	unsigned int inserted_once[4] = {};
	unsigned int no_room[4] = {};
	unsigned int no_room_once[4] = {};
	unsigned int invalid = 0;
	unsigned int reserved = 0;
	unsigned int taken = 0;
	unsigned int removed = 0;
	unsigned int replaced = 0;
	unsigned int scans_with_room = 0;
	unsigned int scans_without = 0;
	unsigned int evicted = 0;
	unsigned int spared = 0;
};

class Trial {
public:
	Trial(drm::MmRange range, u64 start, u64 seed)
		: mm_(range, "model"), start_(start), random_(seed)
	{
		holes_[0] = { start, units };
	}
	Trial(const Trial &) = delete;
	Trial &operator=(const Trial &) = delete;
	~Trial()
	{
		for (RawNode *node : node_of_)
			if (node)
				auto removed = mm_.remove_node(Node::from_raw(node));
	}

	/* Does one random operation. Returns an error if the allocator differs from the model. */
	const char *step() KXX_MAY_SLEEP
	{
		/* Alternate between phases in which insertions or removals prevail. */
		if (random_.one_in(64))
			growing_ = !growing_;

		const char *problem = operate(random_.below(128));

		return problem == nothing ? compare() : problem;
	}

	const Seen &seen() const { return seen_; }

private:
	const char *operate(unsigned int what) KXX_MAY_SLEEP
	{
		if (what < 2)
			return scan();
		if (what < 10)
			return replace();
		if (what < 20)
			return reserve();
		if (what < (growing_ ? 96 : 56))
			return insert(any_want());
		return remove_any();
	}

	Want any_want()
	{
		constexpr Mode modes[] = { Mode::BEST, Mode::LOW, Mode::HIGH, Mode::EVICT };
		Want want = {
			.size = any_size(),
			.alignment = any_alignment(),
			.color = random_.below(4),
			.start = 0,
			.end = anywhere,
			.mode = modes[random_.below(4)],
			.once = random_.one_in(4),
		};

		if (random_.one_in(2)) {
			want.start = start_ - 3 + random_.below(units);
			want.end = random_.one_in(32) ? want.start - random_.below(2)
						      : past(want.start, random_.below(units + 6));
		}
		return want;
	}
	u64 any_size()
	{
		if (random_.one_in(128))
			return anywhere - random_.below(2 * units);
		return random_.one_in(16) ? random_.below(units + 2) : 1 + random_.below(8);
	}
	u64 any_alignment()
	{
		if (random_.one_in(64))
			return anywhere >> random_.below(64);
		return random_.one_in(2) ? random_.below(2) : random_.below(12);
	}
	/* Returns @start + @size, or the largest u64 if that would overflow. */
	static u64 past(u64 start, u64 size)
	{
		return anywhere - start < size ? anywhere : start + size;
	}

	const char *insert(const Want &want) KXX_MAY_SLEEP
	{
		Number number = free_number();
		auto made = FreeNode::make(GFP_KERNEL, number);

		if (!made)
			return "there is memory";

		FreeNode memory = std::move(made).value();
		Mode mode = want.once ? want.mode | Mode::ONCE : want.mode;
		auto inserted = want.is_anywhere()
					? mm_.insert_node_generic(std::move(memory), want.size,
								  want.alignment, want.color, mode)
					: mm_.insert_node_in_range(std::move(memory), want.size,
								   want.alignment, want.color,
								   want.start, want.end, mode);

		if (!inserted)
			return judge_refusal(want, inserted.error());

		Node node = std::move(inserted).value();
		u64 at = node.start();
		bool as_wanted = node.size() == want.size && node.color() == want.color &&
				 node->number == number;

		(want.once ? seen_.inserted_once : seen_.inserted)[index(want.mode)]++;
		/* Check this before the model learns of the node. */
		bool promised = as_wanted && !want.is_invalid() && is_promised(want, at);

		node_of_[number] = std::move(node).into_raw();
		if (!promised)
			return "an insertion is where its mode promises";
		own(number, at, want.size, want.color);
		return nothing;
	}
	const char *judge_refusal(const Want &want, Errno error)
	{
		if (want.is_invalid()) {
			seen_.invalid++;
			return error == EINVAL ? nothing : "a bad size or range is -EINVAL";
		}
		if (error != ENOSPC)
			return "an insertion that finds no room is -ENOSPC";
		(want.once ? seen_.no_room_once : seen_.no_room)[index(want.mode)]++;
		/* ONCE tries one hole; which one is known for EVICT alone: the most recent. */
		for (unsigned int i = 0; i < nr_holes_; i++)
			if (place(holes_[i], want) &&
			    (!want.once || (want.mode == Mode::EVICT && i == 0)))
				return "an insertion is refused where no hole fits";
		return nothing;
	}

	/* Returns true if the mode promises @at, given all holes, most recent first. */
	bool is_promised(const Want &want, u64 at) const
	{
		const drm::MmHole *mine = nullptr;

		for (unsigned int i = 0; i < nr_holes_; i++)
			if (holes_[i].start <= at && at - holes_[i].start < holes_[i].size)
				mine = &holes_[i];
		if (!mine || place(*mine, want) != at)
			return false;
		for (unsigned int i = 0; i < nr_holes_; i++) {
			const drm::MmHole &other = holes_[i];
			bool better = false;

			switch (want.mode) {
			case Mode::LOW:
				better = other.start < mine->start;
				break;
			case Mode::HIGH:
				better = other.start > mine->start;
				break;
			case Mode::EVICT:
				better = &other < mine;
				break;
			default:
				better = other.size < mine->size;
				break;
			}
			if (better && place(other, want))
				return false;
		}
		return true;
	}

	const char *reserve() KXX_MAY_SLEEP
	{
		u64 at = start_ - 2 + random_.below(units + 4);
		u64 size = random_.one_in(32) ? any_size() : random_.below(6);
		bool invalid = !size || at + size < at;
		bool taken = at < start_ || at + size > start_ + units;

		for (u64 unit = at; !invalid && !taken && unit < at + size; unit++)
			taken = owner(unit);

		Number number = free_number();
		auto made = FreeNode::make(GFP_KERNEL, number);

		if (!made)
			return "there is memory";

		FreeNode memory = std::move(made).value();
		auto reserved = mm_.reserve_node(std::move(memory), at, size, number);

		if (!reserved) {
			(invalid ? seen_.invalid : seen_.taken)++;
			if (invalid)
				return reserved.error() == EINVAL ? nothing
								  : "a bad range is -EINVAL";
			return taken && reserved.error() == ENOSPC
				       ? nothing
				       : "a reservation of what is free succeeds";
		}

		Node node = std::move(reserved).value();
		bool exact = node.start() == at && node.size() == size;

		node_of_[number] = std::move(node).into_raw();
		if (invalid || taken || !exact)
			return "a reservation gets what it asked for and was free";
		own(number, at, size, number);
		seen_.reserved++;
		return nothing;
	}

	const char *remove_any()
	{
		Number number = any_number();

		return number ? remove(number) : nothing;
	}
	const char *remove(Number number)
	{
		RawNode *raw = node_of_[number];
		auto removed = mm_.remove_node(Node::from_raw(raw));

		node_of_[number] = nullptr;
		for (Number &owner : owner_)
			owner = owner == number ? 0 : owner;
		seen_.removed++;
		if (!removed)
			return "a node can be removed";
		return std::move(removed).value().as_raw() == raw
			       ? nothing
			       : "a removal gives the node's memory back";
	}

	const char *replace() KXX_MAY_SLEEP
	{
		Number number = any_number();

		if (!number)
			return nothing;

		auto made = FreeNode::make(GFP_KERNEL, number);

		if (!made)
			return "there is memory";

		FreeNode memory = std::move(made).value();
		RawNode *raw = node_of_[number];
		RawNode *replacement = memory.as_raw();
		Node node = Node::from_raw(raw);
		auto replaced = mm_.replace_node(node, std::move(memory));

		node_of_[number] = std::move(node).into_raw();
		seen_.replaced++;
		if (!replaced)
			return "a node can be replaced";
		return std::move(replaced).value().as_raw() == raw &&
				       node_of_[number] == replacement
			       ? nothing
			       : "a replacement takes the node's place";
	}

	/* Does a whole eviction: scan, remove the nodes that it returns, insert. */
	const char *scan() KXX_MAY_SLEEP
	{
		bool evicted[units + 1] = {};
		Want want = any_want();

		want.once = false;

		std::optional<u64> hit;
		const char *problem = scan(want, evicted, hit);

		for (Number number = 1; number <= units && problem == nothing; number++) {
			if (!evicted[number])
				continue;
			problem = remove(number);
			if (problem == nothing)
				problem = compare();
		}
		if (problem != nothing || !hit)
			return problem;
		want.mode = Mode::EVICT;

		unsigned int before = seen_.inserted[index(want.mode)];

		problem = insert(want);
		if (problem != nothing)
			return problem;
		return seen_.inserted[index(want.mode)] == before + 1
			       ? nothing
			       : "what was scanned for fits after the eviction";
	}
	const char *scan(const Want &want, bool (&evicted)[units + 1], std::optional<u64> &hit)
	{
		bool valid =
			want.size && want.start < want.end && want.size <= want.end - want.start;
		/* The nodes in random order, and whether each one was added to the scan. */
		Number roster[units];
		bool added[units + 1] = {};
		unsigned int nr = shuffle(roster);
		unsigned int nr_added = 0;
		/* A scan that adds nodes after the first hit may end with another place. */
		bool goes_on = random_.one_in(8);
		drm::MmScan scan(mm_, want.size, want.alignment, want.color, want.start, want.end,
				 want.mode);

		while (nr_added < nr && (!hit || goes_on)) {
			Number number = roster[nr_added];
			auto room = scan.add_block(*node_of_[number]);

			if (!room)
				return !valid && room.error() == EINVAL
					       ? nothing
					       : "a node can be added to a scan";
			if (!valid)
				return "a scan for the impossible is -EINVAL";
			nr_added++;
			added[number] = true;
			if (auto at = place(hole_without(number, added), want))
				hit = at;
			if (std::move(room).value() != hit.has_value())
				return "a scan says when there is room";
		}
		while (auto block = scan.remove_block()) {
			Number number = (*block.node)->number;

			nr_added--;
			if (nr_added >= nr || number != roster[nr_added])
				return "a scan ends in the reverse of its order";
			evicted[number] = hit && owns_any(number, *hit, want.size);
			if (block.evict != evicted[number])
				return "a scan evicts those that are in the way";
			(block.evict ? seen_.evicted : seen_.spared)++;
		}
		if (nr_added)
			return "a scan takes off all that it was given";
		if (scan.color_evict())
			return "without color_adjust() there is nobody to evict for a color";
		(hit ? seen_.scans_with_room : seen_.scans_without)++;
		return nothing;
	}
	unsigned int shuffle(Number (&roster)[units])
	{
		unsigned int nr = 0;

		for (Number number = 1; number <= units; number++)
			if (node_of_[number])
				roster[nr++] = number;
		for (unsigned int i = nr; i > 1; i--)
			std::swap(roster[i - 1], roster[random_.below(i)]);
		return nr;
	}
	/* Returns the hole that would be around @number if the nodes in @added were removed. */
	drm::MmHole hole_without(Number number, const bool (&added)[units + 1]) const
	{
		auto free = [&](u64 unit) { return !owner_[unit] || added[owner_[unit]]; };
		u64 first = 0;

		while (owner_[first] != number)
			first++;

		u64 end = first;

		while (first > 0 && free(first - 1))
			first--;
		while (end < units && free(end))
			end++;
		return { start_ + first, end - first };
	}
	bool owns_any(Number number, u64 start, u64 size) const
	{
		for (u64 unit = start; unit < start + size; unit++)
			if (owner(unit) == number)
				return true;
		return false;
	}

	const char *compare()
	{
		if (!nodes_are_the_models())
			return "nodes() is all nodes, in order";
		if (!holes_are_the_models())
			return "holes() is all holes";
		if (!lookup_is_the_models())
			return "a lookup finds the nodes that are there";
		return nothing;
	}
	bool nodes_are_the_models() const
	{
		u64 unit = 0;

		for (const RawNode &node : mm_.nodes()) {
			while (unit < units && !owner_[unit])
				unit++;
			if (unit == units || node.start() != start_ + unit)
				return false;

			Number number = owner_[unit];

			if (&node != node_of_[number] || node->number != number ||
			    node.color() != color_of_[number] || !node.allocated())
				return false;

			u64 end = end_of(unit);

			if (node.size() != end - unit ||
			    node.hole_follows() != (end < units && !owner_[end]))
				return false;
			unit = end;
		}
		while (unit < units && !owner_[unit])
			unit++;
		return unit == units && mm_.clean() == !any_owner();
	}
	bool holes_are_the_models()
	{
		unsigned int expected = 0;
		bool listed[units] = {};

		for (u64 unit = 0; unit < units; unit = end_of(unit))
			expected += !owner_[unit];
		nr_holes_ = 0;
		for (drm::MmHole hole : mm_.holes()) {
			u64 unit = hole.start - start_;

			/* Each hole must reach to the nodes on both sides. */
			if (unit >= units || owner_[unit] || (unit && !owner_[unit - 1]) ||
			    hole.size != end_of(unit) - unit || listed[unit])
				return false;
			listed[unit] = true;
			holes_[nr_holes_++] = hole;
		}
		return nr_holes_ == expected;
	}
	/* Looks up nodes in a random range. */
	bool lookup_is_the_models()
	{
		u64 first = random_.below(units);
		u64 end = first + 1 + random_.below(units - first);
		u64 unit = first;

		while (unit < end && !owner_[unit])
			unit++;

		const RawNode *expected = unit < end ? node_of_[owner_[unit]] : nullptr;

		if (mm_.interval_first(start_ + first, start_ + end - 1) != expected)
			return false;
		for (const RawNode &node : mm_.nodes_in_range(start_ + first, start_ + end)) {
			while (unit < end && !owner_[unit])
				unit++;
			if (unit >= end || &node != node_of_[owner_[unit]])
				return false;
			unit = end_of(unit);
		}
		while (unit < end && !owner_[unit])
			unit++;
		return unit >= end;
	}

	/* Returns the end of the consecutive units with the same owner as @unit. */
	u64 end_of(u64 unit) const
	{
		u64 end = unit + 1;

		while (end < units && owner_[end] == owner_[unit])
			end++;
		return end;
	}
	Number owner(u64 unit) const { return owner_[unit - start_]; }
	bool any_owner() const
	{
		for (Number owner : owner_)
			if (owner)
				return true;
		return false;
	}
	void own(Number number, u64 start, u64 size, unsigned long color)
	{
		for (u64 unit = start; unit < start + size; unit++)
			owner_[unit - start_] = number;
		color_of_[number] = color;
	}
	/*
	 * Returns an unused number, or 0. There are as many numbers as units: with all numbers in
	 * use, the allocator is full and the insertion of node 0 must fail.
	 */
	Number free_number() const
	{
		for (Number number = 1; number <= units; number++)
			if (!node_of_[number])
				return number;
		return 0;
	}
	/* Returns a random node, or 0 if there is none. */
	Number any_number()
	{
		Number from = random_.below(units);

		for (Number i = 0; i < units; i++)
			if (Number number = 1 + (from + i) % units; node_of_[number])
				return number;
		return 0;
	}
	static unsigned int index(Mode mode) { return static_cast<unsigned int>(mode); }

	Mm mm_;
	u64 start_;
	Random random_;
	bool growing_ = true;
	Seen seen_;

	/* The model. */
	Number owner_[units] = {};
	RawNode *node_of_[units + 1] = {};
	unsigned long color_of_[units + 1] = {};
	/* The holes as the allocator lists them, most recent first; checked against the model. */
	drm::MmHole holes_[units] = {};
	unsigned int nr_holes_ = 1;
};

/* Checks that each kind of outcome occurred often enough to count as tested. */
void expect_all_tried(struct kunit *test, const Seen &seen)
{
	for (unsigned int mode = 0; mode < 4; mode++) {
		KUNIT_EXPECT_TRUE(test, seen.inserted[mode] > 100);
		KUNIT_EXPECT_TRUE(test, seen.inserted_once[mode] > 100);
		KUNIT_EXPECT_TRUE(test, seen.no_room[mode] > 100);
		KUNIT_EXPECT_TRUE(test, seen.no_room_once[mode] > 100);
	}
	KUNIT_EXPECT_TRUE(test, seen.invalid > 100);
	KUNIT_EXPECT_TRUE(test, seen.reserved > 100);
	KUNIT_EXPECT_TRUE(test, seen.taken > 100);
	KUNIT_EXPECT_TRUE(test, seen.removed > 100);
	KUNIT_EXPECT_TRUE(test, seen.replaced > 100);
	KUNIT_EXPECT_TRUE(test, seen.scans_with_room > 100);
	KUNIT_EXPECT_TRUE(test, seen.scans_without > 10);
	KUNIT_EXPECT_TRUE(test, seen.evicted > 100);
	KUNIT_EXPECT_TRUE(test, seen.spared > 100);
}

void expect_model_followed(struct kunit *test, u64 start, u64 seed) KXX_MAY_SLEEP
{
	constexpr unsigned int operations = 50'000;
	auto range = KUNIT_ASSERT_VALUE(test, drm::MmRange::make(start, units));
	auto trial = KUNIT_ASSERT_VALUE(test, Box<Trial>::make(GFP_KERNEL, range, start, seed));
	const char *problem = nothing;

	for (unsigned int i = 0; i < operations && problem == nothing; i++) {
		problem = trial->step();
		if (problem != nothing)
			pr_err("kxx_drm_mm_model: operation %u with seed %llu: not so: %s\n", i,
			       seed, problem);
		/* Let other tasks run. */
		if (i % 1024 == 0)
			kxx_test_msleep(1);
	}
	KUNIT_EXPECT_STREQ(test, problem, nothing);
	if (problem == nothing)
		expect_all_tried(test, trial->seen());
}

} // namespace

static void allocator_is_what_an_array_of_owners_says(struct kunit *test) KXX_MAY_SLEEP
{
	expect_model_followed(test, 1001, 20240717);
}

/* At the end of u64, a sum of start and size could overflow. */
static void
allocator_at_the_end_of_u64_is_what_an_array_of_owners_says(struct kunit *test) KXX_MAY_SLEEP
{
	expect_model_followed(test, ~u64{ 0 } - units, 4711);
}

KXX_KUNIT_SUITE(kxx_kunit_drm_mm_model, "kxx_drm_mm_model",
		KXX_KUNIT_CASE(allocator_is_what_an_array_of_owners_says),
		KXX_KUNIT_CASE(allocator_at_the_end_of_u64_is_what_an_array_of_owners_says));
