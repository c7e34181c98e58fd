/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pool.hpp - page allocator of a store, which hands out pages in extents
 *
 * drm_mm manages a fixed range of page numbers. A page gets memory when it is first handed out. A
 * free page keeps its memory while few pages of the pool have any. The pool prefers contiguous
 * memory but never requires it, so fragmentation does no harm.
 *
 * A large extent is a node of drm_mm. For small extents, each CPU takes a node of its own, its
 * "run", and cuts extents from the run without the lock of drm_mm. A retired small extent that
 * keeps its memory becomes "loose": the pool can hand it out again, but drm_mm still has the node.
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

/* Fails instead of starting the OOM killer, since user space chooses the size of tables. */
inline constexpr kxx::GfpMaySleep table_gfp =
	kxx::GFP_KERNEL | kxx::__GFP_RETRY_MAYFAIL | kxx::__GFP_NOWARN;

template <typename A, typename B> constexpr auto smaller(A a, B b)
{
	return a < b ? a : b;
}

/** Extent - consecutive pages of a pool; none if pages is 0 */
struct Extent {
	u32 start = 0;
	u32 pages = 0;

	/** take - removes up to @most pages from the start and returns them */
	Extent take(u32 most)
	{
		Extent taken{ start, smaller(most, pages) };

		start += taken.pages;
		pages -= taken.pages;
		return taken;
	}
};

/**
 * Spare - keeps one object of type Owner for a caller that cannot sleep to allocate one
 *
 * Has its own lock, a SpinLock. Pinned. Context: process; refill() may sleep.
 */
template <typename Owner> class Spare {
public:
	Spare() = default;
	Spare(const Spare &) = delete;
	Spare &operator=(const Spare &) = delete;

	/**
	 * make_or_take - allocates an object or takes the spare one
	 *
	 * Returns -EAGAIN if neither succeeds. Does not sleep.
	 */
	kxx::Result<Owner> make_or_take()
	{
		auto made = Owner::make(kxx::GFP_NOWAIT | kxx::__GFP_NOWARN);

		if (made)
			return std::move(made).value();

		auto taken = kept_.with_locked([](std::optional<Owner> &kept) {
			return std::exchange(kept, std::nullopt);
		});

		if (!taken)
			return kxx::EAGAIN;
		return *std::move(taken);
	}

	/** refill - allocates the spare object if there is none; -ENOMEM */
	kxx::Result<void> refill() KXX_MAY_SLEEP
	{
		if (kept_.with_locked([](std::optional<Owner> &kept) { return kept.has_value(); }))
			return {};

		Owner owner = KXX_TRY(Owner::make(kxx::GFP_NOIO | kxx::__GFP_NOWARN));

		/* If another task has made a spare meanwhile, @owner is freed after the unlock. */
		kept_.with_locked([&owner](std::optional<Owner> &kept) {
			if (!kept)
				kept.emplace(std::move(owner));
		});
		return {};
	}

private:
	kxx::SpinLock<std::optional<Owner>> kept_;
};

/**
 * Pool - pages of a store, which have numbers from 0
 *
 * Owns the memory of all pages. An extent belongs to its holder from allocate() to free()
 * or retire(). Pinned. Context: process; methods that may sleep say so.
 *
 * From allocate() to count_published() or free() the holder must stay in one RCU read-side critical
 * section. So after a grace period, for which make_room() waits, each page that a writer held
 * before has been published or freed.
 *
 *     Extent extent = KXX_TRY(pool.allocate(256));
 *     memcpy(pool.bytes(extent.start), data, ...);
 *     pool.count_published(extent.pages);
 *     ...
 *     Pool::Retiree retiree;
 *     pool.collect(retiree, extent.start);
 *     pool.retire(retiree);
 */
class Pool {
public:
	static constexpr u64 page_size = KXX_PAGE_SIZE;
	/* Largest extent: its size in bytes fits into 32 bits. */
	static constexpr u32 max_pages = 1 << 14;

	/**
	 * make - creates a pool of at most @bytes, rounded up to pages
	 * @limit: limit of the pages of several pools, or NULL; must outlive the pool. A pool has
	 *         no more pages than @limit, so that its tables fit the memory of the machine.
	 *
	 * Returns -EINVAL for 0 or more than 2^31 pages, or -ENOMEM.
	 */
	static kxx::Result<kxx::Box<Pool>> make(u64 bytes,
						PageLimit *limit = nullptr) KXX_MAY_SLEEP;

	/**
	 * allocate - hands out an extent of 1 to @pages pages, whose memory is not cleared
	 *
	 * Returns -ENOSPC if all pages are published. Returns -EAGAIN if make_room() can help:
	 * memory is short, or pages will be free after a grace period. Does not sleep.
	 */
	kxx::Result<Extent> allocate(u32 pages);

	/**
	 * make_room - waits for memory or a grace period, so that the caller can retry allocate()
	 *
	 * Returns -ENOMEM; or -ENOSPC if @limit is reached and no pool will free a page.
	 */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	/** count_published - counts @pages pages of an extent that readers can find from now on */
	void count_published(u32 pages) { runs_[kxx::raw_smp_processor_id()].published.add(pages); }

	/** free - takes back an extent that was never published. Does not sleep */
	void free(Extent extent);

	/**
	 * Retiree - published pages to retire together
	 *
	 * Starts empty. collect() adds a page that new readers cannot find any more, because the
	 * caller has unmapped it; retire() must follow.
	 */
	struct Retiree {
		u32 first = 0, last = 0; /* list of extents, as in Space::retired */
		u32 pages = 0;
	};
	void collect(Retiree &retiree, u32 page);

	/**
	 * retire - takes back published pages that earlier readers may still use
	 *
	 * allocate() reuses the pages once it finds their grace period over. So a work is queued
	 * only if the pool must free memory. Needs no memory, so it cannot fail. Does not sleep.
	 */
	void retire(const Retiree &retiree);

	/**
	 * bytes - returns the memory of @page, which the caller owns or found under rcu::ReadLock
	 *
	 * Takes no lock, because the memory of such a page never changes.
	 */
	unsigned char *bytes(u32 page) const { return slots_of(page)->protected_(); }
	/**
	 * contiguous - returns how many pages from @page on, up to @most, have contiguous memory
	 *
	 * May return fewer, because it looks only at the pages of one Region.
	 */
	u32 contiguous(u32 page, u32 most) const
	{
		const auto *slots = slots_of(page);
		unsigned char *start = slots->protected_();
		u32 n = 1;

		most = smaller(most, Region::nr_pages - page % Region::nr_pages);
		while (n < most && slots[n].protected_() == start + n * page_size)
			n++;
		return n;
	}

	/** wq - workqueue for works that wait for memory or a grace period */
	kxx::Workqueue &wq() KXX_LIFETIMEBOUND { return wq_; }

	u32 pages() const { return pages_; }
	/** memory - returns the kernel memory in use in bytes: data, tables and nodes */
	u64 memory();
	/** used - returns the number of pages that are handed out, in a CPU's run or retired */
	u32 used() { return space_.lock()->used; }
	/** nodes - returns the number of nodes in drm_mm */
	u32 nodes() { return space_.lock()->nodes; }
	/** has_retired - frees some retired extents; true if others are left */
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

	/*
	 * Entry of a list of extents, at the index of the extent's first page. Each page has an
	 * entry, so that retire() needs no memory and cannot fail.
	 */
	struct Retired {
		u32 next = 0; /* first page of the next extent plus 1, or 0 */
		u32 pages = 0;
	};
	/* Memory addresses of 256 consecutive pages. One page in size; freed with the pool. */
	struct Region {
		static constexpr u32 nr_pages = 256;

		kxx::rcu::Pointer<unsigned char> pages[nr_pages];
		Retired retired[nr_pages];
	};
	using Regions = kxx::Box<kxx::rcu::Pointer<Region>[]>;

	/* Pages for the small extents of one CPU. Padded, so that CPUs share no cache line. */
	struct Run {
		kxx::SpinLock<Extent> rest;
		/* Pages that this CPU has published since the pool was made. Never decreases. */
		kxx::Atomic64 published{ 0 };
		unsigned char pad[64];
	};
	using Runs = kxx::Box<Run[]>;

	struct Space {
		explicit Space(kxx::drm::MmRange range) : mm(range, "cxxnull") {}

		Mm mm;
		u32 nodes = 0;
		u32 used = 0;
		u32 regions = 0;
		/* Pages that were retired since the pool was made. Never decreases. */
		s64 unpublished = 0;
		/* List of extents retired after grace_period began: first page plus 1, or 0. */
		u32 retired = 0;
		/* List of extents that the end of grace_period will free. */
		u32 waiting = 0;
		/* List of loose extents. Cutting a node for each would be slow. */
		u32 loose = 0;
		std::optional<kxx::rcu::GracePeriod> grace_period;
	};

	Pool(kxx::drm::MmRange range, u32 pages, PageLimit *limit, Regions regions, Runs runs,
	     kxx::Workqueue wq);

	Region *region_of(u32 page) const { return regions_[page / Region::nr_pages].protected_(); }
	/* Returns the slots of @page and of all pages after @page in the same region. */
	kxx::rcu::Pointer<unsigned char> *slots_of(u32 page) const
	{
		return &region_of(page)->pages[page % Region::nr_pages];
	}
	Retired &retired(u32 page) const
	{
		return region_of(page)->retired[page % Region::nr_pages];
	}

	kxx::Result<Extent> allocate_from_run(u32 pages);
	kxx::Result<Extent> allocate_node(u32 pages);
	Extent insert(FreeNode &memory, u32 pages);
	kxx::Result<Extent> add_regions(Extent node);
	bool add_region(u32 page);
	kxx::Result<Extent> populate(Extent extent);
	bool populate_group(u32 first, unsigned int order);
	bool populate_page(u32 page);
	[[gnu::noinline]] u32 populate_pages(u32 page, u32 pages);
	template <typename F> u32 install(u32 first, u32 pages, F &&take);
	bool charge(u32 pages) { return !limit_ || limit_->charge(pages); }
	void uncharge(u32 pages)
	{
		if (limit_ && pages)
			limit_->uncharge(pages);
	}
	s64 published_pages() const;
	bool is_full(const Space &space) const;
	bool take_back_runs();
	bool release(Space &space, Extent extent);
	void release_memory(Extent extent, u32 keep);
	void release_holes(Space &space, Extent extent);
	void release_reserve() KXX_MAY_SLEEP;
	void link(u32 &list, Extent extent);
	Extent unlink(u32 &list);
	Extent take_loose(u32 pages);
	bool release_loose() KXX_MAY_SLEEP;
	bool reclaim();
	void wait_and_reclaim() KXX_MAY_SLEEP;
	u32 nr_populated() const { return static_cast<u32>(populated_.read()); }
	u32 most_kept() const { return !limit_ || limit_->is_half_free() ? reserve_ : 0; }
	bool is_limited() const { return limit_ && limit_->is_reached(); }
	/* Frees the memory of retired extents, even if nobody calls allocate() any more. */
	void work() KXX_MAY_SLEEP;

	const u32 pages_;
	const u32 run_pages_;
	/* Free pages keep their memory until more than this number of pages have memory. */
	const u32 reserve_;
	PageLimit *const limit_;
	/* Next pool that has the same limit_. Guarded by the lock in PageLimit. */
	Pool *next_ = nullptr;
	Regions regions_;
	Runs runs_;
	kxx::SpinLock<Space> space_;
	/* Number of pages that have memory, used or free. */
	kxx::Atomic64 populated_{ 0 };
	/*
	 * Refilled by make_room(); spare_node_ also by work() and release_loose(). The lock of
	 * spare_node_ is taken with space_ locked.
	 */
	Spare<kxx::Page> spare_page_;
	Spare<kxx::Box<Region>> spare_region_;
	Spare<FreeNode> spare_node_;
	kxx::Workqueue wq_;
	kxx::Work<Pool> work_{ *this };
};

} // namespace cxxnull
