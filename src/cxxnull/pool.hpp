/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pool.hpp - the memory of a store, handed out in extents
 *
 * A range of pages in drm_mm, bounded from the start. Pages of the kernel come to it when
 * an extent is handed out, and are freed when the extent is. Any single page will do, so
 * fragmented memory is as good as any. Extents of a few pages are cut from a run that each
 * CPU has, so that drm_mm and its lock are needed once for many of them; larger ones are
 * nodes of their own.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/atomic.hpp>
#include <kxx/base/cpumask.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/base/err.hpp>
#include <kxx/mm/gfp.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/workqueue.hpp>

#include "page_limit.hpp"

namespace cxxnull {

/* For tables as large as a user has asked for: they may fail, and no task is killed for them. */
inline constexpr kxx::GfpMaySleep table_gfp =
	kxx::GFP_KERNEL | kxx::__GFP_RETRY_MAYFAIL | kxx::__GFP_NOWARN;

/** Extent - pages of a pool that follow each other; nothing if pages is 0 */
struct Extent {
	u32 start = 0;
	u32 pages = 0;
};

/**
 * Spare - at most one @Owner, kept for a caller that cannot allocate
 *
 * Pinned. Locked by its owner.
 */
template <typename Owner> class Spare {
public:
	Spare() = default;
	Spare(const Spare &) = delete;
	Spare &operator=(const Spare &) = delete;
	~Spare() = default;

	bool is_empty() const { return !owner_; }

	/** take - the one that is kept, or nothing */
	std::optional<Owner> take()
	{
		std::optional<Owner> taken = std::move(owner_);

		owner_.reset();
		return taken;
	}
	/** make - a new one, or the one that is kept, or nothing. Does not sleep */
	std::optional<Owner> make()
	{
		auto made = Owner::make(kxx::GFP_NOWAIT | kxx::__GFP_NOWARN);

		if (made)
			return std::move(made).value();
		return take();
	}
	/** put - keeps @owner if none is kept; else it is still the caller's */
	void put(Owner &owner)
	{
		if (!owner_)
			owner_.emplace(std::move(owner));
	}

private:
	std::optional<Owner> owner_;
};

/**
 * Pool - pages by their number, from 0
 *
 * Owns the memory of all pages; an extent that is handed out is its holder's until it is
 * given back. Pinned. Context: process; what may sleep says so.
 *
 * Between allocate() and published() or free() a holder must be in an RCU read-side
 * section: a grace period after which no page is left in such hands is how a caller waits
 * that found the pool full.
 *
 *     Extent extent = KXX_TRY(pool.allocate(256));
 *     memcpy(pool.bytes(extent.start), data, ...);
 *     pool.published(extent.pages);
 *     ...
 *     pool.retire(&extent, 1);
 */
class Pool {
public:
	static constexpr u64 page_size = KXX_PAGE_SIZE;
	/* The largest extent, for what counts bytes in 32 bits. */
	static constexpr u32 max_pages = 1 << 14;

	/**
	 * make - for at most @bytes, rounded up to pages
	 * @limit: of all pools together, or NULL; outlives the pool. A pool has no more pages
	 *         than that, so its tables are no larger than the machine can use.
	 *
	 * -EINVAL for more than 2^31 pages, -ENOMEM.
	 */
	static kxx::Result<kxx::Box<Pool>> make(u64 bytes,
						PageLimit *limit = nullptr) KXX_MAY_SLEEP;

	/**
	 * allocate - an extent of @pages at most, and 1 at least; not cleared
	 *
	 * -ENOSPC when every page is published. -EAGAIN when make_room() can help: memory is
	 * short, or some pages are free after a grace period. Does not sleep.
	 */
	kxx::Result<Extent> allocate(u32 pages);

	/**
	 * make_room - does what allocate() could not, for it to be tried again
	 *
	 * -ENOMEM; -ENOSPC when the limit of all pools is reached, with nothing to wait for.
	 */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	/** published - readers can find @pages of what allocate() has handed out */
	void published(u32 pages) { runs_[kxx::raw_smp_processor_id()].published.add(pages); }

	/** free - takes back what was never published. Does not sleep */
	void free(Extent extent);

	/**
	 * retire - takes back @n published extents that readers may still be looking at
	 *
	 * None can find them any more; they are handed out again after a grace period.
	 * Needs no memory, so it cannot fail. Does not sleep.
	 */
	void retire(const Extent *extents, unsigned int n);

	/** bytes - where @page is, which is the caller's or was found under an rcu::ReadLock */
	unsigned char *bytes(u32 page) const
	{
		return region_of(page)->pages[page % Region::nr_pages].protected_();
	}
	/** contiguous - how many pages from @page on, up to @most, are in one piece of memory */
	u32 contiguous(u32 page, u32 most) const
	{
		unsigned char *start = bytes(page);
		u32 n = 1;

		while (n < most && bytes(page + n) == start + n * page_size)
			n++;
		return n;
	}

	/** wq - where what waits for memory or a grace period runs */
	kxx::Workqueue &wq() KXX_LIFETIMEBOUND { return wq_; }

	/** pages - how many it has */
	u32 pages() const { return pages_; }
	/** memory - bytes that it takes of the kernel's memory, for data and for all else */
	u64 memory();
	/** used - pages that are handed out, or wait to be handed out by a CPU */
	u32 used();
	/** nodes - extents and runs that drm_mm has */
	u32 nodes();
	/** has_retired - whether any extent waits for a grace period, or for work() after it */
	bool has_retired();

	~Pool() KXX_MAY_SLEEP;
	Pool(const Pool &) = delete;
	Pool &operator=(const Pool &) = delete;

private:
	friend kxx::Box<Pool>;
	friend kxx::Work<Pool>;
	friend PageLimit;

	using Mm = kxx::drm::OwningMm<>;
	using FreeNode = Mm::FreeNode;

	/* Of a retired extent, by its first page. Beforehand, for retire() to need no memory. */
	struct Retired {
		u32 next = 0; /* the next one's page and 1, or 0 */
		u32 pages = 0;
	};
	/* Where the memory of some pages is. A page in itself, and stays once it is needed. */
	struct Region {
		static constexpr u32 nr_pages = 256;

		kxx::rcu::Pointer<unsigned char> pages[nr_pages];
		Retired retired[nr_pages];
	};
	using Regions = kxx::Box<kxx::rcu::Pointer<Region>[]>;

	/* Of a CPU, on a cache line of its own. */
	struct Run {
		kxx::SpinLock<Extent> rest;
		/* Only ever grows. */
		kxx::Atomic64 published{ 0 };
		unsigned char pad[64];
	};
	using Runs = kxx::Box<Run[]>;

	struct Space {
		explicit Space(kxx::drm::MmRange range) : mm(range, "cxxnull") {}

		Mm mm;
		u32 nodes = 0;
		u32 used = 0;
		/* Pages that have memory, used or not; regions that there are. */
		u32 backed = 0;
		u32 regions = 0;
		/* Pages that were published and are so no longer. Only ever grows. */
		s64 unpublished = 0;
		/* Retired since the grace period of those that wait has begun. */
		u32 retired = 0;
		/* Retired before it. */
		u32 waiting = 0;
		std::optional<kxx::rcu::GracePeriod> grace_period;
		/* What make_room() has made for those that cannot. */
		Spare<kxx::Page> page;
		Spare<kxx::Box<Region>> region;
		Spare<FreeNode> node;
	};

	Pool(kxx::drm::MmRange range, u32 pages, PageLimit *limit, Regions regions, Runs runs,
	     kxx::Workqueue wq);

	Region *region_of(u32 page) const { return regions_[page / Region::nr_pages].protected_(); }
	Retired &retired(u32 page) const
	{
		return region_of(page)->retired[page % Region::nr_pages];
	}

	kxx::Result<Extent> allocate_from_run(u32 pages);
	kxx::Result<Extent> allocate_node(u32 pages);
	Extent insert(FreeNode &memory, u32 pages);
	kxx::Result<Extent> back_regions(Extent node);
	bool back_region(u32 page);
	kxx::Result<Extent> back(Extent extent);
	bool back_group(u32 page);
	bool back_page(u32 page);
	bool install(Space &space, u32 page, kxx::Page &memory);
	bool charge(u32 pages) { return !limit_ || limit_->charge(pages); }
	void uncharge(u32 pages)
	{
		if (limit_ && pages)
			limit_->uncharge(pages);
	}
	s64 published_pages() const;
	bool is_full(const Space &space) const;
	bool take_back_runs();
	bool must_split(Space &space, Extent extent) const;
	bool release(Space &space, Extent extent);
	bool release_step(Space &space, Extent &extent);
	void release_pages(Space &space, Extent extent, u32 keep);
	void release_holes(Space &space, Extent extent);
	void release_reserve() KXX_MAY_SLEEP;
	void link_retired(Space &space, Extent extent);
	bool reclaim();
	template <typename Owner> kxx::Result<Owner> make_or_take(Spare<Owner> Space::*spare);
	template <typename Owner>
	kxx::Result<void> add_spare(Spare<Owner> Space::*spare) KXX_MAY_SLEEP;
	void wait_and_reclaim() KXX_MAY_SLEEP;
	bool is_limited() const { return limit_ && limit_->is_reached(); }
	/* Gives back what is retired, for the memory to go even if nobody asks for more. */
	void work() KXX_MAY_SLEEP;

	const u32 pages_;
	const u32 run_pages_;
	/* As many pages keep their memory when they are free. */
	const u32 reserve_;
	PageLimit *const limit_;
	/* Of the pools that share the limit, which guards it. */
	Pool *next_ = nullptr;
	Regions regions_;
	Runs runs_;
	kxx::SpinLock<Space> space_;
	kxx::Workqueue wq_;
	kxx::Work<Pool> work_{ *this };
};

} // namespace cxxnull
