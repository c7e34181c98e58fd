/* SPDX-License-Identifier: GPL-2.0 */
/*
 * drm/drm_mm.hpp - the range allocator, locked by its caller
 * Wraps <drm/drm_mm.h>. Glue: glue/drm_mm.h
 *
 * Put the allocator inside the lock that protects it, SpinLockIrq<drm::Mm>:
 * then it cannot be reached without that very object's lock. Memory for a node
 * is made outside the lock (FreeNode), becomes a range under it (Node), and
 * must be given back under it. All sizes and offsets are u64, in whatever unit
 * the owner of the allocator chose.
 */
#pragma once

#include <type_traits>
#include <utility>

#include <kxx/annotations.hpp>
#include <kxx/err.hpp>
#include <kxx/glue/drm_mm.h>
#include <kxx/layout.hpp>
#include <kxx/printk.hpp>
#include <kxx/slab.hpp>

KXX_LAYOUT(drm_mm);
KXX_LAYOUT(drm_mm_node);

namespace kxx::drm {

class Mm;
template <typename T> class Node;

namespace detail {

struct NodeBase {
	static NodeBase &from(struct drm_mm_node *node)
	{
		// SAFETY: every node that Mm inserts is the first member of a
		// NodeBase, which is standard-layout: both have one address.
		return *reinterpret_cast<NodeBase *>(node);
	}

	Opaque<drm_mm_node> node;
	/* Frees the whole object. Set when a handle is dropped, for ~Mm() to call. */
	void (*orphan)(NodeBase &) = nullptr;
};
static_assert(std::is_standard_layout_v<NodeBase>);

struct NoPayload {};

} // namespace detail

/**
 * NodeStorage - the memory of a node, and the payload that its owner put there
 * @T: the payload, an object of the driver's that lives as long as the node
 *
 * What embedding a struct drm_mm_node in a driver's structure is in C.
 */
template <typename T> class NodeStorage : private detail::NodeBase {
public:
	template <typename... Args>
	explicit NodeStorage(Args &&...args) : payload(std::forward<Args>(args)...)
	{
	}
	NodeStorage(const NodeStorage &) = delete;
	NodeStorage &operator=(const NodeStorage &) = delete;

	T payload;

private:
	friend Mm;
	friend Node<T>;
};

/** FreeNode - owns a node's memory while it is in no allocator; dropping it frees it */
template <typename T = detail::NoPayload> using FreeNode = Box<NodeStorage<T>>;

/** MmInsertMode - enum drm_mm_insert_mode */
enum class MmInsertMode : unsigned int {
	BEST = KXX_DRM_MM_INSERT_BEST,
	LOW = KXX_DRM_MM_INSERT_LOW,
	HIGH = KXX_DRM_MM_INSERT_HIGH,
	EVICT = KXX_DRM_MM_INSERT_EVICT,
};

/**
 * Node - a range that is reserved in an Mm
 *
 * Owns the range and the node's memory; moves, and the memory stays where it
 * is. Linear: it must go back through Mm::remove_node(), under the allocator's
 * lock, which a destructor could not take. clang refuses a local Node that is
 * dropped; parameters and members it does not follow. At run time a dropped
 * Node warns, naming allocator and range; the range stays reserved and the
 * memory stays valid until the Mm is taken down.
 *
 * Context: any that may hold the lock of its Mm.
 */
template <typename T = detail::NoPayload> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Node {
public:
	Node(Node &&other) : storage_(std::exchange(other.storage_, nullptr)) {}
	Node &operator=(Node &&) = delete;
	Node(const Node &) = delete;
	Node &operator=(const Node &) = delete;
	~Node() KXX_CALLABLE_WHEN("consumed", "unknown");

	/*
	 * `return node;` from a function that returns a Result. Clang follows a
	 * Node through a method, not into the constructor of a Result.
	 */
	operator Result<Node>() && KXX_SET_TYPESTATE(consumed)
	{
		return Result<Node>(std::move(*this));
	}

	/** start, size - the range, in the allocator's units */
	u64 start() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return kxx_drm_mm_node_start(storage_->node.get());
	}
	u64 size() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return kxx_drm_mm_node_size(storage_->node.get());
	}

	T &operator*() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return storage_->payload;
	}
	T *operator->() const KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return &storage_->payload;
	}

	/** as_raw - what into_raw() would give, still owned here */
	NodeStorage<T> *as_raw() const { return storage_; }

	/** into_raw - gives the node up to a container; from_raw() must take it back */
	NodeStorage<T> *into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(storage_, nullptr);
	}

	/** from_raw - takes back what into_raw() gave */
	static Node from_raw(NodeStorage<T> *storage) { return Node(*storage); }

private:
	friend Mm;

	explicit Node(NodeStorage<T> &storage) : storage_(&storage) {}

	static void free(detail::NodeBase &base)
	{
		auto freed = FreeNode<T>::from_raw(&static_cast<NodeStorage<T> &>(base));
	}

	NodeStorage<T> *storage_;
};

/**
 * MmRange - what an allocator hands out: [start, start + size)
 *
 * Checked, so that an Mm can be built in place without failing.
 */
class MmRange {
public:
	/** make - -EINVAL when @size is 0 or @start + @size overflows */
	static Result<MmRange> make(u64 start, u64 size)
	{
		if (!size || start + size < start)
			return EINVAL;
		return MmRange(start, size);
	}

private:
	friend Mm;

	constexpr MmRange(u64 start, u64 size) : start_(start), size_(size) {}

	u64 start_;
	u64 size_;
};

/**
 * Mm - drm_mm, locked by the caller
 *
 * Owns the free space; a Node owns what it was given. Pinned. Every method
 * needs the caller's lock: keep the Mm inside it. Taken down with nodes left,
 * it warns, lists them in the log and takes them out of the tree: memory of dropped
 * nodes is freed, a Node that still lives loses its range and frees its memory
 * when it is dropped.
 *
 * Context: any; nothing here sleeps.
 *
 *     SpinLockIrq<drm::Mm> space(KXX_TRY(drm::MmRange::make(0, pages)), "pages");
 *     auto memory = KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL));
 *     auto node = KXX_TRY(space.lock()->insert_node(std::move(memory), 16));
 *     ...
 *     auto removed = space.lock()->remove_node(std::move(node));
 */
class Mm {
public:
	/** Mm - drm_mm_init(); @name, a literal, is how the log calls this allocator */
	Mm(MmRange range, const char *name) : name_(name)
	{
		kxx_drm_mm_init(mm_.get(), range.start_, range.size_);
	}
	~Mm();
	Mm(const Mm &) = delete;
	Mm &operator=(const Mm &) = delete;

	/**
	 * insert_node - drm_mm_insert_node(): @size units, where they fit best
	 *
	 * -EINVAL when @size is 0, -ENOSPC when no hole is that large; @memory
	 * is then still the caller's.
	 */
	template <typename T>
	Result<Node<T>> insert_node(FreeNode<T> &&memory KXX_PARAM_TYPESTATE(unconsumed), u64 size)
	{
		return insert_node_generic(std::move(memory), size, 0, 0, MmInsertMode::BEST);
	}

	/** insert_node_generic - drm_mm_insert_node_generic(); errors as insert_node() */
	template <typename T>
	Result<Node<T>> insert_node_generic(FreeNode<T> &&memory KXX_PARAM_TYPESTATE(unconsumed),
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
	 * @alignment: of the start, in units; 0 or 1 for none
	 * @color: an opaque tag
	 * @start: lowest unit that may be used
	 * @end: the first unit above those that may be used
	 * @mode: where to search first
	 *
	 * -EINVAL when @size is 0 or @end is before @start, -ENOSPC when nothing fits.
	 */
	template <typename T>
	Result<Node<T>> insert_node_in_range(FreeNode<T> &&memory KXX_PARAM_TYPESTATE(unconsumed),
					     u64 size, u64 alignment, unsigned long color,
					     u64 start, u64 end, MmInsertMode mode)
	{
		if (!size || end < start || is_empty(memory))
			return EINVAL;

		int err = kxx_drm_mm_insert_node_in_range(mm_.get(), memory->node.get(), size,
							  alignment, color, start, end,
							  static_cast<unsigned int>(mode));

		return inserted(std::move(memory), err);
	}

	/**
	 * reserve_node - drm_mm_reserve_node(): exactly [start, start + size)
	 *
	 * -EINVAL when @size is 0 or @start + @size overflows, -ENOSPC when any
	 * of it is taken or outside the allocator; @memory is then still the
	 * caller's.
	 */
	template <typename T>
	Result<Node<T>> reserve_node(FreeNode<T> &&memory KXX_PARAM_TYPESTATE(unconsumed),
				     u64 start, u64 size)
	{
		if (!size || start + size < start || is_empty(memory))
			return EINVAL;

		int err = kxx_drm_mm_reserve_node(mm_.get(), memory->node.get(), start, size);

		return inserted(std::move(memory), err);
	}

	/**
	 * remove_node - drm_mm_remove_node(): the range is free again
	 *
	 * Returns the node's memory, to be freed after the lock is dropped or
	 * used again. -EINVAL, and a warning, when @node was removed or moved
	 * from before, or is another allocator's: it is then treated as dropped.
	 */
	template <typename T>
	Result<FreeNode<T>> remove_node(Node<T> &&node KXX_PARAM_TYPESTATE(unconsumed))
	{
		if (!node.storage_) [[unlikely]] {
			kxx_warn("drm_mm %s: remove_node() of a node that is gone\n", name_);
			return EINVAL;
		}
		if (kxx_drm_mm_node_mm(node.storage_->node.get()) != mm_.get()) {
			/* Clang would refuse a local that is dropped. */
			[](Node<T>) {}(std::move(node));
			return EINVAL;
		}
		kxx_drm_mm_remove_node(node.storage_->node.get());
		return FreeNode<T>::from_raw(std::move(node).into_raw());
	}

	/** clean - drm_mm_clean(): nothing is reserved */
	bool clean() const { return kxx_drm_mm_clean(mm_.get()); }

	const char *name() const { return name_; }

private:
	template <typename T> friend class Node;

	template <typename T>
	static Result<Node<T>> inserted(FreeNode<T> &&memory KXX_PARAM_TYPESTATE(unconsumed),
					int err)
	{
		if (err)
			return Errno::from_errno(err);
		return Node<T>(*std::move(memory).into_raw());
	}

	template <typename T> bool is_empty(const FreeNode<T> &memory) const
	{
		if (memory.as_raw()) [[likely]]
			return false;
		kxx_warn("drm_mm %s: insertion of a node's memory that was moved from\n", name_);
		return true;
	}

	static const Mm &from(const struct drm_mm *mm)
	{
		// SAFETY: mm_ is the first member of Mm, which is standard-layout.
		return *reinterpret_cast<const Mm *>(mm);
	}

	Opaque<drm_mm> mm_;
	const char *name_;
};

template <typename T> Node<T>::~Node()
{
	if (!storage_)
		return;

	struct drm_mm_node *node = storage_->node.get();
	/* Its allocator was taken down first, and has said so. */
	if (!kxx_drm_mm_node_allocated(node)) {
		free(*storage_);
		return;
	}
	storage_->orphan = free;
	kxx_warn("drm_mm %s: node [%llu, %llu) dropped without remove_node(); it stays reserved\n",
		 Mm::from(kxx_drm_mm_node_mm(node)).name(), start(), start() + size());
}

inline Mm::~Mm()
{
	if (!clean())
		kxx_warn("drm_mm %s: taken down with nodes left\n", name_);
	while (struct drm_mm_node *node = kxx_drm_mm_first_node(mm_.get())) {
		auto &base = detail::NodeBase::from(node);
		u64 start = kxx_drm_mm_node_start(node);

		pr_err("drm_mm %s: node [%llu, %llu) left at takedown\n", name_, start,
		       start + kxx_drm_mm_node_size(node));
		kxx_drm_mm_remove_node(node);
		if (base.orphan)
			base.orphan(base);
	}
	kxx_drm_mm_takedown(mm_.get());
}

} // namespace kxx::drm
