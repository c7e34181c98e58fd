/* SPDX-License-Identifier: GPL-2.0 */
/*
 * mm/shared_mm.hpp - the range allocator that has its own lock and a reference count
 * Uses mm/drm_mm.hpp; C has no equivalent.
 *
 * Suits drivers that give ranges to users and do not track when the users are done. The
 * destructor of a node frees its range, in any context in which the lock may be taken.
 * The allocator exists as long as one of its references or nodes.
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/mm/drm_mm.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/refcount.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

namespace kxx::drm {

/**
 * SharedMm - A counted reference to an allocator
 * @T, @Tag: see Mm
 * @Lock: SpinLock, SpinLockBh or SpinLockIrq, depending on where nodes are destroyed
 *
 * Can be moved. Each node has a reference, too. The last reference destroys the allocator,
 * which therefore has no nodes then.
 *
 * Context: any in which @Lock may be taken; make(): process, may sleep.
 *
 *     auto space = KXX_TRY(drm::SharedMm<>::make(GFP_KERNEL, range, "ring"));
 *     auto node = KXX_TRY(space.insert_node(KXX_TRY(drm::FreeNode<>::make(GFP_KERNEL)), 16));
 *     // The end of node's scope gives the range back.
 */
template <typename T = NoPayload, template <typename, typename> typename Lock = SpinLock,
	  typename Tag = void>
class [[nodiscard]] KXX_CONSUMABLE(unknown) SharedMm {
	using Mm = drm::Mm<T, Tag>;

	/* The allocator, shared by all references */
	struct Shared {
		Shared(MmRange range, const char *name) : mm(range, name) {}

		using Guard = typename Lock<Mm, Tag>::Guard;
		static_assert(
			requires { requires kxx::detail::AtomicGuard<Guard> && !Guard::nest.raw; },
			"Lock must be SpinLock, SpinLockBh or SpinLockIrq: nodes are dropped where "
			"nothing may sleep, and the allocator takes too long for a raw lock");

		Refcount users;
		Lock<Mm, Tag> mm;
	};

public:
	class Node;
	using FreeNode = drm::FreeNode<T>;

	/** make - Makes an allocator; @name, a literal, is its name in the log; -ENOMEM */
	static Result<SharedMm> make(GfpMaySleep gfp, MmRange range,
				     const char *name KXX_LIFETIMEBOUND) KXX_MAY_SLEEP
	{
		return SharedMm(KXX_TRY(Box<Shared>::make(gfp, range, name)));
	}

	SharedMm(SharedMm &&other) : shared_(std::exchange(other.shared_, nullptr)) {}
	SharedMm &operator=(SharedMm &&) = delete;
	SharedMm(const SharedMm &) = delete;
	SharedMm &operator=(const SharedMm &) = delete;
	~SharedMm()
	{
		if (shared_)
			put(*shared_);
		KXX_FORGET(shared_);
	}

	/** share - Makes another reference to the same allocator */
	SharedMm share() const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		shared_->users.inc();
		return SharedMm(*KXX_ANOTHER(shared_));
	}

	/** insert_node - Mm::insert_node() under the lock, with its errors */
	Result<Node> insert_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed), u64 size) const
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return insert_node_generic(std::move(memory), size, 0, 0, MmInsertMode::BEST);
	}
	/** insert_node_generic - Mm::insert_node_generic() under the lock, with its errors */
	Result<Node> insert_node_generic(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
					 u64 size, u64 alignment, unsigned long color,
					 MmInsertMode mode) const
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return insert_node_in_range(std::move(memory), size, alignment, color, 0, ~u64{ 0 },
					    mode);
	}
	/** insert_node_in_range - Mm::insert_node_in_range() under the lock, with its errors */
	Result<Node> insert_node_in_range(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed),
					  u64 size, u64 alignment, unsigned long color, u64 start,
					  u64 end, MmInsertMode mode) const
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return keep(shared_->mm.lock()->insert_node_in_range(
			std::move(memory), size, alignment, color, start, end, mode));
	}
	/** reserve_node - Mm::reserve_node() under the lock, with its errors */
	Result<Node> reserve_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed), u64 start,
				  u64 size, unsigned long color = 0) const
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return keep(
			shared_->mm.lock()->reserve_node(std::move(memory), start, size, color));
	}

	/**
	 * with_locked - Calls @f with the Mm under the lock; returns what @f returns
	 *
	 * Gives access to nodes(), holes(), clean() and print(). @f must not destroy a Node,
	 * whose destructor would take the lock again.
	 */
	template <typename F>
	auto with_locked(F &&f) const KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		return shared_->mm.with_locked([&f](Mm &mm) { return f(std::as_const(mm)); });
	}

private:
	explicit SharedMm(Shared &shared) : shared_(&shared) {}
	explicit SharedMm(Box<Shared> shared) : shared_(std::move(shared).into_raw()) {}

	static void put(Shared &shared)
	{
		if (shared.users.dec_and_test())
			auto freed = Box<Shared>::from_raw(&shared);
	}

	Result<Node> keep(Result<drm::Node<T, Tag>> inserted) const
	{
		auto node = KXX_TRY(std::move(inserted));

		shared_->users.inc();
		return Node(*shared_, std::move(node).into_raw());
	}

	Shared *shared_;
};

/**
 * SharedMm::Node - A range of a SharedMm
 *
 * Owns the range and the node's memory, and has a reference to the allocator. Can be moved.
 * The destructor frees the range under the allocator's lock, and drops the reference.
 *
 * Context of the destructor: any in which the allocator's Lock may be taken.
 */
template <typename T, template <typename, typename> typename Lock, typename Tag>
class [[nodiscard]] KXX_CONSUMABLE(unknown) SharedMm<T, Lock, Tag>::Node {
public:
	Node(Node &&other)
		: shared_(std::exchange(other.shared_, nullptr)),
		  node_(std::exchange(other.node_, nullptr))
	{
	}
	Node &operator=(Node &&) = delete;
	Node(const Node &) = delete;
	Node &operator=(const Node &) = delete;
	/* Always inlined, so that the compiler drops the call for a Node that was moved from. */
	[[gnu::always_inline]] ~Node()
	{
		if (node_)
			give_back();
		KXX_FORGET(node_);
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

	/** replace_node - Mm::replace_node() under the lock; returns the old memory */
	Result<FreeNode> replace_node(FreeNode &&memory KXX_PARAM_TYPESTATE(unconsumed))
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		auto node = drm::Node<T, Tag>::from_raw(node_);
		auto replaced = shared_->mm.lock()->replace_node(node, std::move(memory));

		node_ = std::move(node).into_raw();
		return replaced;
	}

private:
	friend SharedMm;

	Node(Shared &shared, MmNode<T> *node) : shared_(&shared), node_(node) {}

	void give_back()
	{
		/* @removed owns the memory, and is destroyed after the unlock. */
		{
			auto removed =
				shared_->mm.lock()->remove_node(drm::Node<T, Tag>::from_raw(node_));
		}
		put(*shared_);
	}

	Shared *shared_;
	MmNode<T> *node_;
};

} // namespace kxx::drm
