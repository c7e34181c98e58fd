/* SPDX-License-Identifier: GPL-2.0 */
/* drm_mm.hpp - helpers for the suites of drm_mm */
#pragma once

#include <kxx/mm/drm_mm.hpp>

#include "../kunit.hpp"
#include "../random.hpp"

namespace ranges {

using Mode = kxx::drm::MmInsertMode;

inline constexpr u64 most = ~u64{ 0 };
inline constexpr Mode modes[] = { Mode::BEST, Mode::LOW, Mode::HIGH, Mode::EVICT };

template <typename T> int errno_of(const kxx::Result<T> &result)
{
	return result ? 0 : result.error().to_errno();
}

/*
 * Returns the first multiple of @alignment from @start on, or 0 if there is none. Any number is a
 * multiple of alignment 0.
 */
constexpr u64 aligned(u64 start, u64 alignment)
{
	u64 over = alignment ? start % alignment : 0;

	if (!over)
		return start;
	return start > most - (alignment - over) ? 0 : start - over + alignment;
}

/* Parameters of insert_node_in_range(). */
struct Request {
	u64 size = 1;
	u64 alignment = 0;
	unsigned long color = 0;
	u64 start = 0;
	u64 end = most;
	Mode mode = Mode::BEST;
};

/*
 * An allocator for use by one thread, so it needs no lock. Keeps its nodes as raw pointers and
 * removes them in its destructor.
 */
template <typename T = kxx::drm::NoPayload, typename Tag = void> class Arena {
public:
	using Mm = kxx::drm::Mm<T, Tag>;
	using MmNode = kxx::drm::MmNode<T>;
	using Node = typename Mm::Node;
	using FreeNode = typename Mm::FreeNode;

	Arena(kxx::drm::MmRange range, u64 start, u64 size)
		: mm_(range, "test"), start_(start), end_(start + size)
	{
	}
	Arena(const Arena &) = delete;
	Arena &operator=(const Arena &) = delete;
	~Arena() { clear(); }

	static kxx::Result<kxx::Box<Arena>> make(u64 start, u64 size) KXX_MAY_SLEEP
	{
		return kxx::Box<Arena>::make(kxx::GFP_KERNEL,
					     KXX_TRY(kxx::drm::MmRange::make(start, size)), start,
					     size);
	}

	Mm &operator*() { return mm_; }
	Mm *operator->() { return &mm_; }

	template <typename... Args>
	kxx::Result<MmNode *> insert(const Request &request, Args &&...args) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(kxx::GFP_KERNEL, std::forward<Args>(args)...));

		return KXX_TRY(mm_.insert_node_in_range(std::move(memory), request.size,
							request.alignment, request.color,
							request.start, request.end, request.mode))
			.into_raw();
	}
	kxx::Result<MmNode *> reserve(u64 start, u64 size, unsigned long color = 0) KXX_MAY_SLEEP
	{
		auto memory = KXX_TRY(FreeNode::make(kxx::GFP_KERNEL));

		return KXX_TRY(mm_.reserve_node(std::move(memory), start, size, color)).into_raw();
	}
	/* Returns the start of the inserted node, or "most", at which no node can start. */
	u64 start_of_inserted(const Request &request) KXX_MAY_SLEEP
	{
		auto inserted = insert(request);

		if (!inserted)
			return most;
		return std::move(inserted).value()->start();
	}

	bool remove(MmNode &node)
	{
		auto removed = mm_.remove_node(Node::from_raw(&node));

		return static_cast<bool>(removed);
	}
	/* Removes the node that contains the unit @at. */
	bool remove_at(u64 at)
	{
		MmNode *node = mm_.interval_first(at, at);

		return node && remove(*node);
	}
	void clear()
	{
		for (MmNode &node : mm_.nodes())
			remove(node);
	}

	u64 nr_nodes() const
	{
		u64 n = 0;

		for (const MmNode &node : mm_.nodes())
			n += node.allocated();
		return n;
	}
	u64 nr_holes() const
	{
		u64 n = 0;

		for (auto [start, size] : mm_.holes())
			n += size > 0;
		return n;
	}
	bool is_one_hole() const
	{
		for (auto [start, size] : mm_.holes())
			if (start != start_ || start + size != end_)
				return false;
		return mm_.clean() && nr_holes() == 1 && !nr_nodes();
	}
	bool is_full() const { return !nr_holes() && is_sound(); }

	/*
	 * Checks that the nodes are in order, in the range and do not overlap, and that each gap
	 * between them is exactly one hole.
	 */
	bool is_sound() const
	{
		u64 holes = 0;
		u64 free = 0;
		u64 at = start_;

		for (const MmNode &node : mm_.nodes()) {
			if (!node.allocated() || !node.size() || node.start() < at ||
			    node.start() + node.size() > end_ ||
			    node.start() + node.size() < node.start())
				return false;
			holes += node.start() > at;
			free += node.start() - at;
			at = node.start() + node.size();
			if (node.hole_follows() != is_hole(at))
				return false;
		}
		holes += at < end_;
		free += end_ - at;
		for (auto [start, size] : mm_.holes()) {
			if (!size || mm_.interval_first(start, start + size - 1))
				return false;
			holes--;
			free -= size;
		}
		return !holes && !free;
	}

	/* Returns a hash of all nodes and holes, to check that an operation changed nothing. */
	u64 fingerprint() const
	{
		u64 hash = 0;
		auto mix = [&hash](u64 value) { hash = (hash ^ value) * 0x100000001b3; };

		for (const MmNode &node : mm_.nodes()) {
			mix(reinterpret_cast<u64>(&node));
			mix(node.start());
			mix(node.size());
			mix(node.color());
		}
		for (auto [start, size] : mm_.holes()) {
			mix(start);
			mix(size);
		}
		return hash;
	}

private:
	bool is_hole(u64 at) const { return at < end_ && !mm_.interval_first(at, at); }

	Mm mm_;
	u64 start_;
	u64 end_;
};

/* Keeps one unit free between neighbours of different colors. */
struct Guarded {
	static void color_adjust(const kxx::drm::MmNodeBase &before,
				 const kxx::drm::MmNodeBase &after, unsigned long color, u64 &start,
				 u64 &end)
	{
		if (before.allocated() && before.color() != color)
			start++;
		if (after.allocated() && after.color() != color)
			end--;
	}

	/* Returns true if no two neighbours of different colors touch. */
	template <typename Mm> static bool is_kept(const Mm &mm)
	{
		const kxx::drm::MmNodeBase *before = nullptr;

		for (auto &node : mm.nodes()) {
			if (before && before->start() + before->size() == node.start() &&
			    before->color() != node.color())
				return false;
			before = &node;
		}
		return true;
	}
};

/* Returns the numbers below @n in random order. */
inline kxx::Result<kxx::Box<u64[]>> shuffled(u64 n, Random &random) KXX_MAY_SLEEP
{
	auto numbers = KXX_TRY(kxx::Box<u64[]>::make(kxx::GFP_KERNEL, n));

	for (u64 i = 0; i < n; i++)
		numbers[i] = i;
	random.shuffle(&numbers[0], n);
	return numbers;
}

/* Inserts nodes as @request says until the allocator is full. Returns the number of nodes. */
template <typename Arena> u64 fill(Arena &arena, const Request &request) KXX_MAY_SLEEP
{
	u64 n = 0;

	/* No allocator of the suites has room for more nodes than this. */
	while (n < 2048 && arena.insert(request))
		n++;
	return n;
}

} // namespace ranges
