/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pool.hpp - the memory that a store has, handed out in extents
 *
 * A range of pages in drm_mm, bounded from the start. Memory comes to it in chunks,
 * when an extent in them is handed out, and goes when they are free again. Extents of
 * a few pages are cut from a run that each CPU has, so that drm_mm and its lock are
 * asked once for many of them; larger ones are nodes of their own.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/annotations.hpp>
#include <kxx/drm/owning_mm.hpp>
#include <kxx/err.hpp>
#include <kxx/rcupdate.hpp>
#include <kxx/slab.hpp>
#include <kxx/spinlock.hpp>
#include <kxx/workqueue.hpp>

namespace cxxnull {

/** Extent - pages of a pool that follow each other; nothing if pages is 0 */
struct Extent {
	u32 start = 0;
	u32 pages = 0;
};

/**
 * Spare - at most one T, kept for who cannot make one
 *
 * Owns it. Pinned. Locked by its owner.
 */
template <typename T> class Spare {
public:
	Spare() = default;
	~Spare() { auto freed = take(); }
	Spare(const Spare &) = delete;
	Spare &operator=(const Spare &) = delete;

	/** take - what there is, or nothing */
	std::optional<kxx::Box<T>> take()
	{
		if (!object_)
			return std::nullopt;
		return kxx::Box<T>::from_raw(std::exchange(object_, nullptr));
	}
	/** make - a new T, or what there is, or nothing. Does not sleep */
	std::optional<kxx::Box<T>> make()
	{
		auto made = kxx::Box<T>::make(kxx::GFP_NOWAIT | kxx::__GFP_NOWARN);

		if (made)
			return std::move(made).value();
		return take();
	}
	/** put - takes @box, if there is none; else it is still the caller's */
	void put(kxx::Box<T> &box)
	{
		if (!object_)
			object_ = std::move(box).into_raw();
	}

private:
	T *object_ = nullptr;
};

/**
 * Pool - pages by their number, from 0
 *
 * Owns the memory of all pages; an extent that is handed out is its holder's until it
 * is given back. Pinned. Context: process; what may sleep says so.
 *
 *     Extent extent = KXX_TRY(pool.allocate(256));
 *     memcpy(pool.bytes(extent.start), data, ...);
 *     pool.retire(&extent, 1);
 */
class Pool {
public:
	static constexpr u64 page_size = KXX_PAGE_SIZE;
	/* The largest extent, for what counts bytes in 32 bits. */
	static constexpr u32 max_pages = 1 << 14;

	/** make - a pool of @bytes, rounded up to a page; -EINVAL for 0 and above 2^31 pages, -ENOMEM */
	static kxx::Result<kxx::Box<Pool>> make(u64 bytes) KXX_MAY_SLEEP;

	/**
	 * allocate - an extent of 1 to @pages pages, with anything in them
	 *
	 * Of as many as there are in one piece. -ENOSPC when the pool is full; -EAGAIN
	 * when make_room() can help. Does not sleep.
	 */
	kxx::Result<Extent> allocate(u32 pages);

	/** make_room - sees to it that allocate() can go on after -EAGAIN; -ENOMEM */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	/** free - takes back what no reader has ever seen. Does not sleep */
	void free(Extent extent);

	/**
	 * retire - takes back @n extents that readers may still be looking at
	 *
	 * None can find them any more; they are handed out again after a grace period.
	 * Needs no memory, so it cannot fail. Does not sleep.
	 */
	void retire(const Extent *extents, unsigned int n);

	/**
	 * bytes - where @page is; up to contiguous(@page) pages follow it
	 *
	 * Of an extent that is the caller's, or that it has found under an rcu::ReadLock.
	 */
	unsigned char *bytes(u32 page) const
	{
		return chunks_[page / Chunk::pages].protected_()->bytes +
		       page % Chunk::pages * page_size;
	}
	/** contiguous - how many pages from @page on are in one piece of memory */
	static u32 contiguous(u32 page) { return Chunk::pages - page % Chunk::pages; }

	/** pages - how many it has */
	u32 pages() const { return pages_; }
	/** memory - bytes that it takes of the kernel's memory, for data and for all else */
	u64 memory();
	/** used - pages that are handed out, or wait to be handed out by a CPU */
	u32 used();
	/** nodes - extents and runs that drm_mm has */
	u32 nodes();

	~Pool() KXX_MAY_SLEEP;
	Pool(const Pool &) = delete;
	Pool &operator=(const Pool &) = delete;

private:
	friend kxx::Box<Pool>;
	friend kxx::Work<Pool>;

	using Mm = kxx::drm::OwningMm<>;
	using FreeNode = Mm::FreeNode;

	/* Not larger: mm tries harder for up to PAGE_ALLOC_COSTLY_ORDER. */
	struct Chunk {
		static constexpr u32 pages = 8;

		/* Not cleared, as a default would be: whoever is handed a page of it, fills it. */
		// NOLINTNEXTLINE(modernize-use-equals-default)
		Chunk() {}

		unsigned char bytes[pages * page_size];
	};
	using Chunks = kxx::Box<kxx::rcu::Pointer<Chunk>[]>;

	/* Of the first page of a retired extent. Beforehand, for retire() to need no memory. */
	struct Retired {
		u32 next; /* the page's number and 1, or 0 */
		u32 pages;
	};
	using RetiredExtents = kxx::Box<Retired[]>;

	/* On a cache line of its own. */
	struct Run {
		Extent rest;
		unsigned char pad[64];
	};
	using Runs = kxx::Box<kxx::SpinLock<Run>[]>;

	struct Space {
		explicit Space(kxx::drm::MmRange range) : mm(range, "cxxnull") {}

		Mm mm;
		u32 nodes = 0;
		u32 used = 0;
		u32 chunks = 0;
		/* Retired since the grace period of those that wait has begun. */
		u32 retired = 0;
		/* Retired before it. */
		u32 waiting = 0;
		std::optional<kxx::rcu::GracePeriod> grace_period;
		/* What make_room() has made for those that cannot. */
		Spare<Chunk> chunk;
		Spare<Mm::Node> node;
	};

	Pool(kxx::drm::MmRange range, u32 pages, Chunks chunks, RetiredExtents retired, Runs runs);

	void populate() KXX_MAY_SLEEP;
	kxx::Result<Extent> allocate_from_run(u32 pages);
	kxx::Result<Extent> allocate_node(u32 pages);
	kxx::Result<FreeNode> node_memory();
	Extent insert(FreeNode &memory, u32 pages);
	kxx::Result<Extent> back(Extent extent);
	bool back_chunk(u32 chunk);
	bool take_back_runs();
	bool release(Space &space, Extent extent);
	void release_chunks(Space &space, Extent extent);
	void link_retired(Space &space, const Extent *extents, unsigned int n);
	bool reclaim();
	kxx::Result<void> add_spare_node() KXX_MAY_SLEEP;
	bool wait_and_reclaim() KXX_MAY_SLEEP;
	/* Gives back what is retired, for the memory to go even if nobody asks for more. */
	void work() KXX_MAY_SLEEP;

	const u32 pages_;
	const u32 run_pages_;
	/* Chunks that stay, even if free. */
	const u32 reserve_;
	Chunks chunks_;
	RetiredExtents retired_;
	Runs runs_;
	kxx::SpinLock<Space> space_;
	kxx::Work<Pool> work_{ *this };
};

} // namespace cxxnull
