/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mm/drm_mm_scan.hpp - finds the nodes to evict to make room for another one
 * Wraps struct drm_mm_scan of <drm/drm_mm.h>. Glue: glue/mm/drm_mm.h
 */
#pragma once

#include <kxx/mm/drm_mm.hpp>

KXX_LAYOUT(drm_mm_scan);

namespace kxx::drm {

/** MmScanBlock - Result of MmScan::remove_block() */
template <typename T> struct MmScanBlock {
	using BorrowedUnderLock = void;

	/** node - A borrowed node; NULL if the scan has none left */
	MmNode<T> *node;
	/** evict - True if the node must be removed from the allocator to make the room */
	bool evict;

	explicit operator bool() const { return node; }
};

/**
 * MmScan - A search for nodes whose removal makes room for a range
 * @T, @Tag: those of the Mm
 *
 * First, add candidates with add_block(), the least recently used first, until it returns
 * true. Then call remove_block() for all of them; its result says which to evict. Remove
 * these from the allocator, and those that color_evict() returns. Then there is a hole
 * of the wanted size.
 *
 * Borrows the Mm, whose lock must be held all the time. Must be on the stack; cannot be moved. In
 * C, the user must remove the blocks in reverse order; here the scan does. While the scan has
 * blocks, the allocator cannot be used otherwise: insertions fail with -ENOSPC, removals with
 * -EINVAL, both with a warning. The destructor removes the blocks.
 *
 * Context: the same as for the Mm.
 *
 *     drm::MmScan scan(*guard, size, 0, 0, drm::MmInsertMode::BEST);
 *     for (auto &node : least_recently_used)
 *             if (KXX_TRY(scan.add_block(node)))
 *                     break;
 *     while (auto block = scan.remove_block())
 *             if (block.evict)
 *                     evicted.add(*block.node);
 *     ...remove what was evicted, then insert with MmInsertMode::EVICT
 */
template <typename T, typename Tag> class MmScan {
public:
	/** MmScan - drm_mm_scan_init(): for @size units anywhere; see insert_node_in_range() */
	MmScan(Mm<T, Tag> &mm KXX_LIFETIMEBOUND, u64 size, u64 alignment, unsigned long color,
	       MmInsertMode mode)
		: MmScan(mm, size, alignment, color, 0, ~u64{ 0 }, mode)
	{
	}
	/** MmScan - drm_mm_scan_init_with_range(): for @size units in [start, end) */
	MmScan(Mm<T, Tag> &mm KXX_LIFETIMEBOUND, u64 size, u64 alignment, unsigned long color,
	       u64 start, u64 end, MmInsertMode mode)
		: mm_(mm), err_(size && start < end && size <= end - start ? 0 : EINVAL.to_errno())
	{
		if (!err_ && mm.is_scanned()) {
			mm.refuse_scan();
			err_ = EBUSY.to_errno();
		}
		if (!err_)
			::drm_mm_scan_init_with_range(scan_.get(), mm.mm_.get(), size, alignment,
						      color, start, end,
						      static_cast<enum drm_mm_insert_mode>(mode));
	}
	/** MmScan - The same for an OwningMm */
	MmScan(OwningMm<T, Tag> &mm KXX_LIFETIMEBOUND, u64 size, u64 alignment, unsigned long color,
	       MmInsertMode mode)
		: MmScan(mm.mm_, size, alignment, color, mode)
	{
	}
	MmScan(OwningMm<T, Tag> &mm KXX_LIFETIMEBOUND, u64 size, u64 alignment, unsigned long color,
	       u64 start, u64 end, MmInsertMode mode)
		: MmScan(mm.mm_, size, alignment, color, start, end, mode)
	{
	}
	MmScan(const MmScan &) = delete;
	static void *operator new(size_t) = delete;
	static void *operator new[](size_t) = delete;
	static void *operator new(size_t, void *) = delete;
	MmScan &operator=(const MmScan &) = delete;
	~MmScan()
	{
		while (remove_block())
			;
	}

	/**
	 * add_block - drm_mm_scan_add_block(): adds a candidate; true if there is enough room
	 *
	 * Fails with -EINVAL if the scan's size is 0 or larger than [start, end), or after
	 * remove_block(). Fails with -EINVAL and a warning if @node was added already or belongs
	 * to another allocator, and with -EBUSY and a warning while another scan has blocks of
	 * this Mm. A scan that was constructed while another one had blocks always fails with
	 * -EBUSY.
	 */
	Result<bool> add_block(MmNode<T> &node)
	{
		if (err_)
			return Errno::from_errno(err_);
		if (!last_ && !mm_.close())
			return EBUSY;
		if (!may_add(node)) {
			kxx_warn("drm_mm %s: add_block() of a node that it cannot evict\n",
				 mm_.name());
			if (!last_)
				mm_.open();
			return EINVAL;
		}
		node.scanned_before_ = last_ ? last_ : &node;
		last_ = &node;
		hit_ |= ::drm_mm_scan_add_block(scan_.get(), node.node_.get());
		return Result<bool>(hit_);
	}
	Result<bool> add_block(Node<T, Tag> &node KXX_UNCONSUMED)
	{
		if (MmNode<T> *inserted = node.as_raw()) [[likely]]
			return add_block(*inserted);
		kxx_warn("drm_mm %s: add_block() of a node that is gone\n", mm_.name());
		return EINVAL;
	}

	/** remove_block - drm_mm_scan_remove_block(): removes the block that was added last */
	[[nodiscard]] MmScanBlock<T> remove_block()
	{
		MmNode<T> *node = last_;

		if (!node)
			return { nullptr, false };

		bool evict = ::drm_mm_scan_remove_block(scan_.get(), node->node_.get());

		last_ = node->scanned_before_ == node ? nullptr : node->scanned_before_;
		node->scanned_before_ = nullptr;
		err_ = EINVAL.to_errno();
		if (!last_)
			mm_.open();
		return { node, evict };
	}

	/**
	 * color_evict - drm_mm_scan_color_evict(): returns a neighbour of the new hole that
	 * color_adjust() does not accept, or NULL
	 *
	 * Remove the node and call this again, until it returns NULL. Also returns NULL while the
	 * scan has blocks, or if the nodes to evict were not removed.
	 */
	[[nodiscard]] MmNode<T> *color_evict()
	{
		if constexpr (detail::has_color_adjust<Tag>) {
			if (!hit_ || last_ || !room_is_there())
				return nullptr;

			struct drm_mm_node *node = ::drm_mm_scan_color_evict(scan_.get());

			/* The end of the allocator, which is not allocated, cannot be evicted. */
			return node ? Mm<T, Tag>::allocated(node) : nullptr;
		} else {
			return nullptr;
		}
	}

private:
	bool may_add(const MmNode<T> &node) const
	{
		return kxx_drm_mm_node_mm(node.node_.get()) == mm_.mm_.get() && node.allocated() &&
		       !node.scanned_before_;
	}

	bool room_is_there() const
	{
		u64 start = kxx_drm_mm_scan_hit_start(scan_.get());
		u64 end = kxx_drm_mm_scan_hit_end(scan_.get());

		for (auto [hole, size] : mm_.holes())
			if (hole <= start && end <= hole + size)
				return true;
		return false;
	}

	Mm<T, Tag> &mm_;
	Opaque<drm_mm_scan> scan_;
	MmNode<T> *last_ = nullptr;
	/* The error that add_block() returns; 0 while it accepts nodes */
	int err_;
	bool hit_ = false;
};

} // namespace kxx::drm
