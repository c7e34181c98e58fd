/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mm/drm_mm.hpp - the range allocator, locked by its caller
 * Wraps <drm/drm_mm.h>. Glue: glue/mm/drm_mm.h
 *
 * Put the allocator inside the lock that protects it, SpinLockIrq<drm::Mm<>>:
 * then no code can reach the allocator without its lock. Memory for a node is
 * allocated outside the lock (FreeNode). insert_node() turns it into a reserved
 * range (Node), and remove_node() must give the range back; both need the lock.
 * All sizes, starts and ends are u64, in a unit that the allocator's owner chooses.
 *
 * Two more forms use this one: in mm/shared_mm.hpp, a node gives its range back
 * when it is destroyed; in mm/owning_mm.hpp, the allocator owns the nodes. Eviction
 * is in mm/drm_mm_scan.hpp. Documentation/drm_mm.rst says which form to choose.
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/mm/drm_mm.h>
#include <kxx/base/has_member.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/fs/seq_file.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/mm/drm_mm_iteration.hpp>

KXX_LAYOUT(drm_mm);
KXX_LAYOUT(drm_mm_node);

namespace kxx::drm {

struct NoPayload {};

template <typename T = NoPayload, typename Tag = void> class Mm;
template <typename T, typename Tag> class MmScan;
template <typename T, typename Tag> class Node;
template <typename T, typename Tag> class OwningMm;

/**
 * MmNodeBase - struct drm_mm_node: a range, without the payload of MmNode
 *
 * Borrowed while the allocator's lock is held.
 */
class MmNodeBase {
public:
	using BorrowedUnderLock = void;

	MmNodeBase(const MmNodeBase &) = delete;
	MmNodeBase &operator=(const MmNodeBase &) = delete;

	/** start, size - The range, in the allocator's units */
	u64 start() const { return kxx_drm_mm_node_start(node_.get()); }
	u64 size() const { return kxx_drm_mm_node_size(node_.get()); }
	/** color - The opaque tag that the node was inserted with */
	unsigned long color() const { return kxx_drm_mm_node_color(node_.get()); }
	/** allocated - drm_mm_node_allocated(): false for the two ends of an allocator */
	bool allocated() const { return kxx_drm_mm_node_allocated(node_.get()); }
	/** hole_follows - drm_mm_hole_follows() */
	bool hole_follows() const { return kxx_drm_mm_hole_follows(node_.get()); }

protected:
	MmNodeBase() = default;

	Opaque<drm_mm_node> node_;

private:
	template <typename T> friend class MmNode;
	template <typename T, typename Tag> friend class Mm;

	static const MmNodeBase &from(const struct drm_mm_node *node)
	{
		// SAFETY: node_ is the only member of MmNodeBase, which is
		// standard-layout, so both have the same address. This also holds
		// for drm_mm's own head_node.
		return *reinterpret_cast<const MmNodeBase *>(node);
	}
};
static_assert(std::is_standard_layout_v<MmNodeBase> &&
	      sizeof(MmNodeBase) == sizeof(Opaque<drm_mm_node>));

/**
 * MmNode - The memory of a node, with the driver's payload
 * @T: the payload, an object that lives as long as the node's memory
 *
 * In C, a driver embeds struct drm_mm_node in its own structure instead. Cannot be moved.
 * Only an allocator can reserve a range for it. A reference that an allocator
 * returns is valid while the allocator's lock is held and the node is not removed.
 */
template <typename T = NoPayload> class MmNode : public MmNodeBase {
public:
	template <typename... Args>
		requires(!(std::is_base_of_v<MmNodeBase, std::remove_reference_t<Args>> || ...))
	explicit MmNode(Args &&...args) : payload_(std::forward<Args>(args)...)
	{
	}

	T &operator*() KXX_LIFETIMEBOUND { return payload_; }
	const T &operator*() const KXX_LIFETIMEBOUND { return payload_; }
	T *operator->() KXX_LIFETIMEBOUND { return &payload_; }
	const T *operator->() const KXX_LIFETIMEBOUND { return &payload_; }

private:
	template <typename Payload, typename Tag> friend class Mm;
	template <typename Payload, typename Tag> friend class MmScan;
	template <typename Payload, typename Tag> friend class Node;
	template <typename Node, bool bounded> friend class MmNodes;

	/* Returns the MmNode that contains @node. */
	static MmNode *from(struct drm_mm_node *node)
	{
		// SAFETY: an Mm<T> inserts only MmNode<T>, whose first base class
		// is MmNodeBase. No MmNode is const; drm_mm's own node, which is
		// const in a const drm_mm, ends a list and is never passed here.
		return static_cast<MmNode *>(const_cast<MmNodeBase *>(&MmNodeBase::from(node)));
	}

	/* The node that a scan added before this one. */
	MmNode *scanned_before_ = nullptr;
	/* True if the Node was destroyed without remove_node(): ~Mm() then frees this MmNode. */
	bool dropped_ = false;
	[[no_unique_address]] T payload_;
};

/** FreeNode - Owns the memory of a node that is in no allocator; the destructor frees it */
template <typename T = NoPayload> using FreeNode = Box<MmNode<T>>;

/**
 * MmInsertMode - enum drm_mm_insert_mode: the hole to try first
 * @BEST: the smallest hole that fits, at its bottom
 * @LOW: the fitting hole with the lowest address, at its bottom
 * @HIGH: the fitting hole with the highest address, at its top
 * @EVICT: the most recent hole that fits, for use right after an eviction
 * @ONCE: a flag, as in HIGH | ONCE: fail if the node does not fit into the first hole
 * @LOWEST: LOW | ONCE
 * @HIGHEST: HIGH | ONCE
 */
enum class MmInsertMode : unsigned int {
	BEST = KXX_DRM_MM_INSERT_BEST,
	LOW = KXX_DRM_MM_INSERT_LOW,
	HIGH = KXX_DRM_MM_INSERT_HIGH,
	EVICT = KXX_DRM_MM_INSERT_EVICT,
	ONCE = KXX_DRM_MM_INSERT_ONCE,
	LOWEST = KXX_DRM_MM_INSERT_LOWEST,
	HIGHEST = KXX_DRM_MM_INSERT_HIGHEST,
};

constexpr MmInsertMode operator|(MmInsertMode mode, MmInsertMode once)
{
	// NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): a mode and a flag.
	return MmInsertMode{ static_cast<enum drm_mm_insert_mode>(mode) |
			     static_cast<unsigned int>(once) };
}

/**
 * Node - A range that is reserved in an Mm
 * @T, @Tag: those of the Mm
 *
 * Owns the range and the node's memory. Can be moved; the memory keeps its address.
 * The code must pass it to Mm::remove_node(), under the allocator's lock, which a
 * destructor could not take. clang refuses to destroy a local Node that was not
 * removed; clang 22 refuses that for a parameter, too. No clang checks Nodes that are
 * members of other objects. At run time, the destructor of such a Node warns, with
 * allocator and range. The range then stays reserved, and the memory valid, until the
 * allocator is destroyed.
 *
 * A function that borrows a node takes a const Node &, or `Node &node KXX_UNCONSUMED`.
 * After a call that takes the node by any other reference, clang does not know whether
 * the node still owns its range, and refuses remove_node().
 *
 * A constructor that keeps a node takes a Node &&: clang refuses to call a constructor with a Node
 * by value, also in Box::make(). If Box::make() has no memory, it does not move from the node, and
 * clang does not see that the node is dropped while it owns its range: make the Box before the
 * node.
 *
 * A reference to the payload is valid as long as the node's memory, which the result of
 * remove_node() owns. clang's analyzer reports a use after that result was destroyed. The payload
 * is reached without the lock, but nodes() reaches it too, under the lock: a payload that changes
 * needs a lock or an Atomic of its own if any code reads it through nodes().
 *
 * Context: any in which the lock of its Mm may be held.
 */
template <typename T = NoPayload, typename Tag = void>
class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Node {
public:
	Node(Node &&other) : node_(std::exchange(other.node_, nullptr)) {}
	Node &operator=(Node &&) = delete;
	Node(const Node &) = delete;
	Node &operator=(const Node &) = delete;
	/* Always inlined, so that the compiler keeps a local Node in a register. */
	[[gnu::always_inline]] ~Node() KXX_CALLABLE_WHEN("consumed", "unknown")
	{
		if (node_) [[unlikely]]
			drop(*node_);
	}

	/*
	 * Allows `return node;` in a function that returns a Result. clang tracks the state of
	 * a Node through a method such as this, but not into the constructor of a Result.
	 */
	operator Result<Node>() && KXX_SET_TYPESTATE(consumed)
	{
		return Result<Node>(std::move(*this));
	}

	/** start, size - The range, in the allocator's units */
	u64 start() const KXX_CALLABLE_WHEN("unconsumed", "unknown") { return node_->start(); }
	u64 size() const KXX_CALLABLE_WHEN("unconsumed", "unknown") { return node_->size(); }
	/** color - The opaque tag that the node was inserted with */
	unsigned long color() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return node_->color();
	}

	T &operator*() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return **node_;
	}
	T *operator->() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return &**node_;
	}

	/** as_raw - Returns the pointer, which this object still owns; NULL after a move */
	MmNode<T> *as_raw() const { return node_; }

	/** into_raw - Releases the node, for a container of pointers; from_raw() must take it */
	[[nodiscard("nobody else frees the node")]] MmNode<T> *into_raw() &&
		KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(node_, nullptr);
	}

	/** from_raw - Takes over a pointer that into_raw() returned; never NULL */
	static Node from_raw(MmNode<T> *node)
	{
		if (!node)
			__builtin_unreachable();
		return Node(*node);
	}

private:
	friend Mm<T, Tag>;

	explicit Node(MmNode<T> &node) : node_(&node) {}

	[[gnu::noinline]] static __cold void drop(MmNode<T> &node);

	MmNode<T> *node_;
};

/**
 * MmRange - The range that an allocator manages: [start, start + size)
 *
 * make() checks the range, so that the constructor of Mm cannot fail.
 */
class MmRange {
public:
	/** make - Fails with -EINVAL if @size is 0 or if @start + @size overflows; both in units */
	static Result<MmRange> make(u64 start, u64 size)
	{
		if (!size || start + size < start)
			return EINVAL;
		return MmRange(start, size);
	}

private:
	template <typename T, typename Tag> friend class Mm;

	constexpr MmRange(u64 start, u64 size) : start_(start), size_(size) {}

	u64 start_;
	u64 size_;
};

namespace detail {

KXX_HAS_MEMBER(has_color_adjust, color_adjust);

template <typename Tag>
concept AdjustsColor = requires {
	requires std::is_convertible_v<decltype(&Tag::color_adjust),
				       void (*)(const MmNodeBase &, const MmNodeBase &,
						unsigned long, u64 &, u64 &)>;
};

} // namespace detail

/**
 * Mm - struct drm_mm, locked by the caller
 * @T: payload of each node, stored in the MmNode
 * @Tag: any type. Allocators with different tags have different types of nodes, so that
 *       they cannot be mixed up. If @Tag has this static member,
 *
 *           void color_adjust(const MmNodeBase &before, const MmNodeBase &after,
 *                             unsigned long color, u64 &start, u64 &end);
 *
 *       it is called for each hole [start, end), and can narrow the hole for a node
 *       of @color; it cannot widen it. @before and @after may be the ends of the
 *       allocator, which are not allocated() and have no color. It runs under the
 *       allocator's lock, and must not use the allocator.
 *
 * Owns the free space; each Node owns its range. Cannot be moved. The caller's lock must be held
 * for every method: keep the Mm inside that lock. The destructor warns if nodes are left, lists
 * them in the log and removes them from the tree. It frees the memory of nodes whose Node was
 * destroyed; a Node that still exists frees its memory itself, later.
 *
 * Context: any; no method sleeps. Constructor: process, since drm_mm_init() may sleep
 * with CONFIG_DRM_DEBUG_MM.
 *
 *     SpinLockIrq<drm::Mm<>> space(KXX_TRY(drm::MmRange::make(0, pages)), "pages");
 *     auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
 *     auto node = KXX_TRY(space.lock()->insert_node(std::move(memory), 16));
 *     ...
 *     auto removed = space.lock()->remove_node(std::move(node));
 */
template <typename T, typename Tag> class Mm {
public:
	using Payload = T;
	using Node = drm::Node<T, Tag>;
	using FreeNode = drm::FreeNode<T>;

	/** Mm - drm_mm_init(); @name, a literal, is the allocator's name in the log */
	Mm(MmRange range, const char *name) : open_(mm_.get()), name_(name)
	{
		::drm_mm_init(mm_.get(), range.start_, range.size_);
		::drm_mm_init(closed_.get(), 0, ~u64{ 0 });
		kxx_drm_mm_set_color_adjust(closed_.get(), refuse);
		set_color_adjust(true);
	}
	~Mm();
	Mm(const Mm &) = delete;
	Mm &operator=(const Mm &) = delete;

	/**
	 * insert_node - drm_mm_insert_node(): reserves @size units in the smallest hole that fits
	 *
	 * Fails with -EINVAL if @size is 0, and with -ENOSPC if no hole is large enough. The caller
	 * then still owns @memory, although clang treats @memory as consumed. A caller that wants
	 * to evict and try again must evict before the call.
	 */
	Result<Node> insert_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed), u64 size)
	{
		return insert_node_generic(std::move(memory), size, 0, 0, MmInsertMode::BEST);
	}

	/** insert_node_generic - drm_mm_insert_node_generic(); fails as insert_node() does */
	Result<Node> insert_node_generic(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
					 u64 size, u64 alignment, unsigned long color,
					 MmInsertMode mode)
	{
		return insert_node_in_range(std::move(memory), size, alignment, color, 0, ~u64{ 0 },
					    mode);
	}

	/**
	 * insert_node_in_range - drm_mm_insert_node_in_range()
	 * @memory: the node's memory; moved from only on success
	 * @size: units to reserve
	 * @alignment: the start is a multiple of this many units; 0 or 1 for any start
	 * @color: an opaque tag for color_adjust()
	 * @start: lowest unit that may be used
	 * @end: end of the units that may be used, exclusive
	 * @mode: the hole to try first
	 *
	 * Fails with -EINVAL if @size is 0 or @end is less than @start, and with -ENOSPC if nothing
	 * fits.
	 */
	Result<Node> insert_node_in_range(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
					  u64 size, u64 alignment, unsigned long color, u64 start,
					  u64 end, MmInsertMode mode)
	{
		int err = EINVAL.to_errno();

		if (size && start <= end && !is_empty(memory)) [[likely]]
			err = ::drm_mm_insert_node_in_range(
				open_, memory->node_.get(), size, alignment, color, start, end,
				static_cast<enum drm_mm_insert_mode>(mode));
		return inserted(std::move(memory), err);
	}

	/**
	 * reserve_node - drm_mm_reserve_node(): reserves exactly [start, start + size)
	 *
	 * Fails with -EINVAL if @size is 0 or @start + @size overflows, and with -ENOSPC if a part
	 * of the range is reserved or outside the allocator. The caller then still owns @memory.
	 */
	Result<Node> reserve_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed), u64 start,
				  u64 size, unsigned long color = 0)
	{
		int err = EINVAL.to_errno();

		if (size && start + size >= start && !is_empty(memory)) [[likely]]
			err = kxx_drm_mm_reserve_node(open_, memory->node_.get(), start, size,
						      color);
		return inserted(std::move(memory), err);
	}

	/**
	 * replace_node - drm_mm_replace_node(): @memory takes over the range of @node
	 *
	 * Returns the old memory of @node, with its payload. Fails with -EINVAL and a warning, and
	 * changes nothing, if remove_node() would refuse @node, or if @memory was moved from.
	 * (Removes the range and reserves it again, since newer kernels have no
	 * drm_mm_replace_node().)
	 */
	Result<FreeNode> replace_node(Node &node KXX_UNCONSUMED,
				      FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed))
	{
		/* A reference: clang stops tracking a Node whose member is passed to a function. */
		MmNode<T> *&mine = node.node_;

		if (is_empty(memory))
			return EINVAL;
		if (!is_own(mine)) [[unlikely]] {
			refuse(mine, "replace_node");
			return EINVAL;
		}

		struct drm_mm_node *old = mine->node_.get();

		/* color_adjust() accepted this range at the insertion: do not call it again. */
		set_color_adjust(false);
		::drm_mm_remove_node(old);
		if (kxx_drm_mm_reserve_node(mm_.get(), memory->node_.get(), node.start(),
					    node.size(), node.color()))
			bug();
		set_color_adjust(true);
		return FreeNode::from_raw(std::exchange(mine, std::move(memory).into_raw()));
	}

	/**
	 * remove_node - drm_mm_remove_node(): frees the range
	 *
	 * Returns the node's memory, which the caller can use again, or free after the unlock.
	 * Fails with -EINVAL and a warning if @node was removed or moved from before, belongs to
	 * another allocator, or if a scan is active. A node that still has a range then keeps
	 * it reserved, as after ~Node().
	 */
	Result<FreeNode> remove_node(Node &&node KXX_PARAM_TYPESTATE(unconsumed))
	{
		if (!is_own(node.node_)) [[unlikely]] {
			refuse(node.node_, "remove_node");
			if (node.node_)
				Node::drop(*std::move(node).into_raw());
			return EINVAL;
		}
		::drm_mm_remove_node(node.node_->node_.get());
		return FreeNode::from_raw(std::move(node).into_raw());
	}

	/** clean - drm_mm_clean(): returns true if no node is reserved */
	bool clean() const { return kxx_drm_mm_clean(mm_.get()); }

	/** nodes - drm_mm_for_each_node_safe(), for (auto &node : mm.nodes()) */
	MmNodes<MmNode<T>> nodes() KXX_LIFETIMEBOUND
	{
		return { mm_.get(), kxx_drm_mm_first_node(mm_.get()), 0 };
	}
	MmNodes<const MmNode<T>> nodes() const KXX_LIFETIMEBOUND
	{
		return { mm_.get(), kxx_drm_mm_first_node(mm_.get()), 0 };
	}
	/** nodes_in_range - drm_mm_for_each_node_in_range(): nodes that overlap [start, end) */
	MmNodes<MmNode<T>, true> nodes_in_range(u64 start, u64 end) KXX_LIFETIMEBOUND
	{
		return { mm_.get(), ::__drm_mm_interval_first(mm_.get(), start, end - 1),
			 start < end ? end : 0 };
	}
	MmNodes<const MmNode<T>, true> nodes_in_range(u64 start, u64 end) const KXX_LIFETIMEBOUND
	{
		return { mm_.get(), ::__drm_mm_interval_first(mm_.get(), start, end - 1),
			 start < end ? end : 0 };
	}
	/** holes - drm_mm_for_each_hole(), for (auto [start, size] : mm.holes()) */
	MmHoles holes() const KXX_LIFETIMEBOUND { return MmHoles(mm_.get()); }

	/** interval_first - __drm_mm_interval_first(): the lowest node in [start, last], or NULL */
	MmNode<T> *interval_first(u64 start, u64 last) KXX_LIFETIMEBOUND
	{
		return allocated(::__drm_mm_interval_first(mm_.get(), start, last));
	}
	const MmNode<T> *interval_first(u64 start, u64 last) const KXX_LIFETIMEBOUND
	{
		return allocated(::__drm_mm_interval_first(mm_.get(), start, last));
	}

	/** print - drm_mm_print() to the log, with the allocator's name in each line */
	void print() const { kxx_drm_mm_print(mm_.get(), name_); }
	/** print - drm_mm_print() to a debugfs file */
	void print(SeqFile &file) const { kxx_drm_mm_print_seq(mm_.get(), file.raw()); }

	const char *name() const { return name_; }

private:
	friend Node;
	friend MmScan<T, Tag>;
	friend OwningMm<T, Tag>;

	/* C functions return mm->head_node, which is not allocated, if there is no node. */
	static MmNode<T> *allocated(struct drm_mm_node *node)
	{
		return kxx_drm_mm_node_allocated(node) ? MmNode<T>::from(node) : nullptr;
	}

	Result<Node> inserted(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed), int err)
	{
		if (err) [[unlikely]]
			return Errno::from_errno(kxx::detail::known_errno(err));
		return Node(*std::move(memory).into_raw());
	}

	bool is_empty(const FreeNode &memory) const
	{
		if (memory.as_raw()) [[likely]]
			return false;
		refuse_empty();
		return true;
	}
	[[gnu::noinline]] __cold void refuse_empty() const
	{
		kxx_warn("drm_mm %s: insertion of a node's memory that was moved from\n", name_);
	}

	/* Also refuses all nodes during a scan, when open_ is not mm_, with one comparison. */
	bool is_own(const MmNode<T> *node) const
	{
		return node && kxx_drm_mm_node_mm(node->node_.get()) == open_;
	}
	[[gnu::noinline]] __cold void refuse(const MmNode<T> *node, const char *method) const
	{
		bool is_ours = node && kxx_drm_mm_node_mm(node->node_.get()) == mm_.get();

		/* A removed node still has the pointer to its allocator. */
		if (!node || (is_ours && !node->allocated()))
			kxx_warn("drm_mm %s: %s() of a node that is gone\n", name_, method);
		else if (is_ours)
			kxx_warn("drm_mm %s: %s() during a scan\n", name_, method);
		else
			kxx_warn("drm_mm %s: %s() of another allocator's node\n", name_, method);
	}

	static const Mm &from(const struct drm_mm *mm)
	{
		// SAFETY: mm_ is the first member of Mm, which is standard-layout: one address.
		return *reinterpret_cast<const Mm *>(mm);
	}

	void set_color_adjust(bool on)
	{
		if constexpr (detail::has_color_adjust<Tag>) {
			static_assert(detail::AdjustsColor<Tag>,
				      "color_adjust must be: static void color_adjust("
				      "const MmNodeBase &, const MmNodeBase &, unsigned long, "
				      "u64 &, u64 &)");
			if constexpr (detail::AdjustsColor<Tag>)
				kxx_drm_mm_set_color_adjust(mm_.get(), on ? color_adjust : nullptr);
		}
	}
	static void color_adjust(const struct drm_mm_node *node, unsigned long color, u64 *start,
				 u64 *end)
	{
		const u64 hole_start = *start;
		const u64 hole_end = *end;

		Tag::color_adjust(MmNodeBase::from(node),
				  MmNodeBase::from(kxx_drm_mm_node_after(node)), color, *start,
				  *end);
		*start = *start < hole_start ? hole_start : *start;
		*end = *end > hole_end ? hole_end : *end;
	}

	/*
	 * drm_mm forbids insertions during a scan. open_ points to the allocator that
	 * insertions use: to mm_, and during a scan to closed_. closed_ has a single hole, and
	 * its color_adjust() shrinks that hole to nothing. So every insertion fails during a
	 * scan, and insert_node() needs no check.
	 */
	bool is_scanned() const { return open_ != mm_.get(); }
	bool close()
	{
		if (is_scanned()) {
			refuse_scan();
			return false;
		}
		open_ = closed_.get();
		return true;
	}
	void open() { open_ = mm_.get(); }
	void refuse_scan() const
	{
		kxx_warn("drm_mm %s: a scan while another one is active\n", name_);
	}

	static void refuse(const struct drm_mm_node *node, unsigned long, u64 *start, u64 *end)
	{
		// SAFETY: drm_mm passes the head_node of closed_, its only node, so @mm is a
		// closed_. Mm is standard-layout, so offsetof() is valid.
		auto *mm = reinterpret_cast<const Mm *>(
			reinterpret_cast<const unsigned char *>(kxx_drm_mm_node_mm(node)) -
			offsetof(Mm, closed_));

		kxx_warn("drm_mm %s: insertion during a scan\n", mm->name_);
		*end = *start;
	}

	Opaque<drm_mm> mm_;
	Opaque<drm_mm> closed_;
	struct drm_mm *open_;
	const char *name_;
};

template <typename T, typename Tag> void Node<T, Tag>::drop(MmNode<T> &node)
{
	/* If the allocator was destroyed first, ~Mm() has removed the node and warned. */
	if (!node.allocated()) {
		auto freed = FreeNode<T>::from_raw(&node);
		return;
	}
	node.dropped_ = true;
	kxx_warn("drm_mm %s: node [%llu, %llu) dropped without remove_node(); it stays reserved\n",
		 Mm<T, Tag>::from(kxx_drm_mm_node_mm(node.node_.get())).name(), node.start(),
		 node.start() + node.size());
}

template <typename T, typename Tag> Mm<T, Tag>::~Mm()
{
	if (!clean())
		kxx_warn("drm_mm %s: taken down with nodes left\n", name_);
	for (MmNode<T> &node : nodes()) {
		pr_err("drm_mm %s: node [%llu, %llu) left at takedown\n", name_, node.start(),
		       node.start() + node.size());
		::drm_mm_remove_node(node.node_.get());
		/* Otherwise a later allocator at the same address would accept the node. */
		kxx_drm_mm_node_forget(node.node_.get());
		if (node.dropped_)
			auto freed = FreeNode::from_raw(&node);
	}
	::drm_mm_takedown(mm_.get());
}

} // namespace kxx::drm
