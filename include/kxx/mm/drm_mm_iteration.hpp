/* SPDX-License-Identifier: GPL-2.0 */
/*
 * drm_mm_iteration.hpp - iterates over the nodes or the holes of an allocator
 * Part of drm_mm.hpp. Wraps the drm_mm_for_each_ macros of <drm/drm_mm.h>.
 */
#pragma once

#include <cstddef>

#include <kxx/base/annotations.hpp>
#include <kxx/glue/mm/drm_mm.h>

namespace kxx::drm {

template <typename T, typename Tag> class Mm;

/** MmHole - A free range, in the allocator's units */
struct MmHole {
	u64 start;
	u64 size;
};

/**
 * MmNodes - The nodes of an allocator, ordered by start
 * @Node: MmNode<T>, or const MmNode<T>
 * @bounded: if true, only the nodes that overlap a range of addresses
 *
 * Like drm_mm_for_each_node_safe() or, if @bounded, drm_mm_for_each_node_in_range(). In both
 * cases the loop may remove the current node, and no other. Valid as long as the allocator's
 * lock is held.
 */
template <typename Node, bool bounded = false> class MmNodes {
	/* The end of the loop: mm->head_node, or a node that begins at or after @bound */
	struct End {
		const struct drm_mm_node *head;
		u64 bound;
	};

public:
	using BorrowedUnderLock = void;

	class Iterator {
	public:
		using BorrowedUnderLock = void;

		Node &operator*() const { return *Node::from(at_); }
		Iterator &operator++()
		{
			at_ = next_;
			next_ = kxx_drm_mm_node_after(at_);
			return *this;
		}
		bool operator!=(End end) const
		{
			return at_ != end.head &&
			       (!bounded || kxx_drm_mm_node_start(at_) < end.bound);
		}

	private:
		friend MmNodes;

		explicit Iterator(struct drm_mm_node *first)
			: at_(first), next_(kxx_drm_mm_node_after(first))
		{
		}

		struct drm_mm_node *at_;
		struct drm_mm_node *next_;
	};

	Iterator begin() const KXX_LIFETIMEBOUND { return Iterator(first_); }
	End end() const { return end_; }

private:
	template <typename T, typename Tag> friend class Mm;

	MmNodes(const struct drm_mm *mm, struct drm_mm_node *first, u64 bound)
		: first_(first), end_{ kxx_drm_mm_head_node(mm), bound }
	{
	}

	struct drm_mm_node *first_;
	End end_;
};

/**
 * MmHoles - The holes of an allocator, most recent first
 *
 * drm_mm_for_each_hole(): the loop must not insert or remove nodes. Borrowed while the
 * allocator's lock is held.
 */
class MmHoles {
public:
	using BorrowedUnderLock = void;

	class Iterator {
	public:
		using BorrowedUnderLock = void;

		MmHole operator*() const
		{
			return { kxx_drm_mm_hole_node_start(at_), kxx_drm_mm_hole_size(at_) };
		}
		Iterator &operator++()
		{
			at_ = kxx_drm_mm_next_hole(mm_, at_);
			return *this;
		}
		bool operator!=(std::nullptr_t) const { return at_; }

	private:
		friend MmHoles;

		explicit Iterator(const struct drm_mm *mm) : mm_(mm), at_(kxx_drm_mm_first_hole(mm))
		{
		}

		const struct drm_mm *mm_;
		const struct drm_mm_node *at_;
	};

	Iterator begin() const KXX_LIFETIMEBOUND { return Iterator(mm_); }
	std::nullptr_t end() const { return nullptr; }

private:
	template <typename T, typename Tag> friend class Mm;

	explicit MmHoles(const struct drm_mm *mm) : mm_(mm) {}

	const struct drm_mm *mm_;
};

} // namespace kxx::drm
