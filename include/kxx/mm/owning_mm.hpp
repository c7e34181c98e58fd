/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mm/owning_mm.hpp - the range allocator that owns its nodes
 * Uses mm/drm_mm.hpp; C has no equivalent.
 *
 * Suits users that look ranges up by address and keep no other list of them, such as
 * the mappings of an address space. The allocator owns the nodes, users borrow them
 * under the lock, and the destructor frees all that are left. There are no reference
 * counts.
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/mm/drm_mm.hpp>
#include <kxx/base/err.hpp>

namespace kxx::drm {

/**
 * OwningMm - struct drm_mm that also owns the nodes, locked by the caller
 * @T, @Tag: see Mm
 *
 * Owns space, nodes and payloads. Cannot be moved. The caller's lock must be held for every
 * method: keep the OwningMm inside that lock. A node is borrowed: it is valid until it is removed
 * or the lock is released. clang refuses to return a node from the function that has the guard,
 * and to keep a node longer than a temporary guard, which ends with its statement. clang does not
 * check a pointer that was assigned to a variable.
 *
 * The destructor logs the nodes that are left and frees them; clear() frees them without
 * logging.
 *
 * Context: any; no method sleeps, unless a destructor of T does. Constructor: process.
 *
 *     SpinLock<drm::OwningMm<Mapping>> space(range, "space");
 *     auto memory = KXX_TRY(drm::FreeNode<Mapping>::make(GFP_KERNEL));
 *     {
 *             auto guard = space.lock();
 *             auto *node = KXX_TRY(guard->reserve_node(std::move(memory), address, size));
 *             (*node)->pages = pages;
 *     }
 */
template <typename T = NoPayload, typename Tag = void> class OwningMm {
public:
	using Node = MmNode<T>;
	using FreeNode = drm::FreeNode<T>;

	/** OwningMm - drm_mm_init(); @name, a literal, is the allocator's name in the log */
	OwningMm(MmRange range, const char *name) : mm_(range, name) {}
	~OwningMm()
	{
		for (Node &node : mm_.nodes())
			pr_info("drm_mm %s: node [%llu, %llu) left at takedown, freed\n",
				mm_.name(), node.start(), node.start() + node.size());
		clear();
	}
	OwningMm(const OwningMm &) = delete;
	OwningMm &operator=(const OwningMm &) = delete;

	/** insert_node - Mm::insert_node(), with its errors; returns the node, never NULL */
	Result<Node *> insert_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
				   u64 size) KXX_LIFETIMEBOUND
	{
		return insert_node_generic(std::move(memory), size, 0, 0, MmInsertMode::BEST);
	}
	/** insert_node_generic - Mm::insert_node_generic(), with its errors */
	Result<Node *> insert_node_generic(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
					   u64 size, u64 alignment, unsigned long color,
					   MmInsertMode mode) KXX_LIFETIMEBOUND
	{
		return insert_node_in_range(std::move(memory), size, alignment, color, 0, ~u64{ 0 },
					    mode);
	}
	/** insert_node_in_range - Mm::insert_node_in_range(), with its errors */
	Result<Node *> insert_node_in_range(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
					    u64 size, u64 alignment, unsigned long color, u64 start,
					    u64 end, MmInsertMode mode) KXX_LIFETIMEBOUND
	{
		return keep(mm_.insert_node_in_range(std::move(memory), size, alignment, color,
						     start, end, mode));
	}
	/** reserve_node - Mm::reserve_node(), with its errors */
	Result<Node *> reserve_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed), u64 start,
				    u64 size, unsigned long color = 0) KXX_LIFETIMEBOUND
	{
		return keep(mm_.reserve_node(std::move(memory), start, size, color));
	}

	/**
	 * replace_node - Mm::replace_node(): @memory takes over the range of @node
	 *
	 * @node then points to the new memory. Returns the old memory. Fails with -EINVAL and a
	 * warning if @node belongs to another allocator.
	 */
	Result<FreeNode> replace_node(Node *&node,
				      FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed))
	{
		if (!may_remove(node, "replace_node"))
			return EINVAL;

		auto owned = drm::Node<T, Tag>::from_raw(node);
		auto replaced = mm_.replace_node(owned, std::move(memory));

		node = std::move(owned).into_raw();
		return replaced;
	}

	/**
	 * remove_node - drm_mm_remove_node(): frees the range
	 *
	 * Returns the node's memory, which the caller can use again, or free after the unlock.
	 * Fails with -EINVAL and a warning, and changes nothing, if @node belongs to another
	 * allocator, or during a scan.
	 */
	Result<FreeNode> remove_node(Node &node)
	{
		if (!may_remove(&node, "remove_node"))
			return EINVAL;
		return mm_.remove_node(drm::Node<T, Tag>::from_raw(&node));
	}

	/** clear - Removes and frees all nodes */
	void clear()
	{
		for (Node &node : mm_.nodes())
			auto removed = remove_node(node);
	}

	/** clean - drm_mm_clean(): returns true if there are no nodes */
	bool clean() const { return mm_.clean(); }

	/** nodes - drm_mm_for_each_node_safe(): the current node may be removed */
	MmNodes<Node> nodes() KXX_LIFETIMEBOUND { return mm_.nodes(); }
	/** nodes_in_range - drm_mm_for_each_node_in_range(): nodes that overlap [start, end) */
	MmNodes<Node, true> nodes_in_range(u64 start, u64 end) KXX_LIFETIMEBOUND
	{
		return mm_.nodes_in_range(start, end);
	}
	/** holes - drm_mm_for_each_hole() */
	MmHoles holes() const KXX_LIFETIMEBOUND { return mm_.holes(); }
	/** interval_first - __drm_mm_interval_first(): the lowest node in [start, last], or NULL */
	Node *interval_first(u64 start, u64 last) KXX_LIFETIMEBOUND
	{
		return mm_.interval_first(start, last);
	}

	/** print - drm_mm_print() to the log, or to a debugfs file */
	void print() const { mm_.print(); }
	void print(SeqFile &file) const { mm_.print(file); }

	const char *name() const { return mm_.name(); }

private:
	friend MmScan<T, Tag>;

	Result<Node *> keep(Result<drm::Node<T, Tag>> inserted)
	{
		return KXX_TRY(std::move(inserted)).into_raw();
	}

	/* Must be called before Mm::remove_node(), which drops a node that it refuses. */
	bool may_remove(const Node *node, const char *method) const
	{
		if (mm_.is_own(node) && node->allocated()) [[likely]]
			return true;
		mm_.refuse(node, method);
		return false;
	}

	Mm<T, Tag> mm_;
};

} // namespace kxx::drm
