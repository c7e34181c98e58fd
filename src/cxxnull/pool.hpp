/* SPDX-License-Identifier: GPL-2.0 */
/*
 * pool.hpp - the memory of a store, handed out in extents
 *
 * drm_mm manages a range of page numbers, whose size is fixed. A page gets memory when it is first
 * handed out. A free page keeps its memory while few pages of the pool have any. Contiguous memory
 * is preferred but never required, so fragmentation does no harm.
 *
 * A large extent is a node of drm_mm. Each CPU also takes one such extent, its run, and cuts small
 * extents from it without the lock of drm_mm. A small extent that is given back with its memory is
 * "loose": its node stays in drm_mm, and the pool hands out the extent again.
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

/* For tables whose size a user chooses: allocation may fail, and must not kill a task. */
inline constexpr kxx::GfpMaySleep table_gfp =
	kxx::GFP_KERNEL | kxx::__GFP_RETRY_MAYFAIL | kxx::__GFP_NOWARN;

template <typename A, typename B> constexpr auto smaller(A a, B b)
{
	return a < b ? a : b;
}

/** Extent - consecutive pages of a pool; empty if pages is 0 */
struct Extent {
	u32 start = 0;
	u32 pages = 0;

	/** take - removes the first pages, at most @most, and returns them */
	Extent take(u32 most)
	{
		Extent taken{ start, smaller(most, pages) };

		start += taken.pages;
		pages -= taken.pages;
		return taken;
	}
};

/**
 * Spare - at most one @Owner, kept for a caller that cannot allocate
 *
 * Has a lock of its own. Pinned. Context: any, unless a method says otherwise.
 */
template <typename Owner> class Spare {
public:
	Spare() = default;
	Spare(const Spare &) = delete;
	Spare &operator=(const Spare &) = delete;

	/** make_or_take - a new object, or the kept one; else -EAGAIN. Does not sleep */
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

	/** refill - allocates the object to keep, if there is none; -ENOMEM */
	kxx::Result<void> refill() KXX_MAY_SLEEP
	{
		if (kept_.with_locked([](std::optional<Owner> &kept) { return kept.has_value(); }))
			return {};

		Owner owner = KXX_TRY(Owner::make(kxx::GFP_NOIO | kxx::__GFP_NOWARN));

		/* Another CPU may have refilled it: then @owner is freed after the unlock. */
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
 * Pool - pages by their number, from 0
 *
 * Owns the memory of all pages. An extent belongs to its holder from allocate() to free()
 * or retire(). Pinned. Context: process; methods that may sleep say so.
 *
 * Between allocate() and published() or free() the holder must be in an RCU read-side
 * critical section. So make_room(), which waits for a grace period, knows that pages which
 * were in writers' hands are published or free afterwards.
 *
 *     Extent extent = KXX_TRY(pool.allocate(256));
 *     memcpy(pool.bytes(extent.start), data, ...);
 *     pool.published(extent.pages);
 *     ...
 *     Pool::Retiree retiree;
 *     pool.collect(retiree, extent.start);
 *     pool.retire(retiree);
 */
class Pool {
public:
	static constexpr u64 page_size = KXX_PAGE_SIZE;
	/* Largest extent, so that its size in bytes fits into 32 bits. */
	static constexpr u32 max_pages = 1 << 14;

	/**
	 * make - a pool of at most @bytes, rounded up to pages
	 * @limit: of all pools together, or NULL; outlives the pool. A pool has no more pages
	 *         than its limit, so that its tables are no larger than the machine can use.
	 *
	 * -EINVAL for more than 2^31 pages, -ENOMEM.
	 */
	static kxx::Result<kxx::Box<Pool>> make(u64 bytes,
						PageLimit *limit = nullptr) KXX_MAY_SLEEP;

	/**
	 * allocate - hands out an extent of 1 to @pages pages, which are not cleared
	 *
	 * -ENOSPC when every page is published. -EAGAIN when make_room() can help: memory is
	 * short, or a grace period will free pages. Does not sleep.
	 */
	kxx::Result<Extent> allocate(u32 pages);

	/**
	 * make_room - waits for memory or a grace period; then allocate() can be tried again
	 *
	 * -ENOMEM; -ENOSPC when the limit of all pools is used up and nothing will free pages.
	 */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	/** published - tells that readers can now find @pages pages of an extent */
	void published(u32 pages) { runs_[kxx::raw_smp_processor_id()].published.add(pages); }

	/** free - takes back an extent that was never published. Does not sleep */
	void free(Extent extent);

	/**
	 * Retiree - published pages that are taken back together
	 *
	 * Begins empty. collect() adds pages that no reader can find any more, which the caller
	 * took from where readers find them; retire() must follow.
	 */
	struct Retiree {
		u32 first = 0, last = 0; /* extents, linked, as in Retired */
		u32 pages = 0;
	};
	void collect(Retiree &retiree, u32 page);

	/**
	 * retire - takes back published pages that readers may still use
	 *
	 * They are handed out again after a grace period, by the allocate() that finds it over;
	 * a work is woken only for memory that the pool must not keep. Needs no memory, so it
	 * cannot fail. Does not sleep.
	 */
	void retire(const Retiree &retiree);

	/**
	 * bytes - memory of @page, which the caller owns or has found under an rcu::ReadLock
	 *
	 * Takes no lock: once set, the pointer stays as long as anybody has the page.
	 */
	unsigned char *bytes(u32 page) const { return slots_of(page)->protected_(); }
	/**
	 * contiguous - number of pages from @page on, at most @most, whose memory is contiguous
	 *
	 * Maybe fewer than there are: it does not look further than a MiB.
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

	/** wq - workqueue of works that wait for memory or a grace period */
	kxx::Workqueue &wq() KXX_LIFETIMEBOUND { return wq_; }

	u32 pages() const { return pages_; }
	/** memory - bytes of kernel memory in use, for data and for everything else */
	u64 memory();
	/** used - number of pages that are handed out, in a CPU's run or retired */
	u32 used() { return space_.lock()->used; }
	/** nodes - number of nodes in drm_mm: extents and runs, with what is loose in them */
	u32 nodes() { return space_.lock()->nodes; }
	/** has_retired - true if an extent still waits for a grace period; frees some that do not */
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
	 * A retired or loose extent, by its first page. Allocated beforehand, so that retire()
	 * cannot fail.
	 */
	struct Retired {
		u32 next = 0; /* first page of the next one, plus 1; or 0 */
		u32 pages = 0;
	};
	/* Addresses of the memory of some pages. One page itself; freed with the pool. */
	struct Region {
		static constexpr u32 nr_pages = 256;

		kxx::rcu::Pointer<unsigned char> pages[nr_pages];
		Retired retired[nr_pages];
	};
	using Regions = kxx::Box<kxx::rcu::Pointer<Region>[]>;

	/* One per CPU, on a cache line of its own. */
	struct Run {
		kxx::SpinLock<Extent> rest;
		/* Never decreases. */
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
		/* Number of pages that were published and are no longer. Never decreases. */
		s64 unpublished = 0;
		/* Retired after the current grace period began. */
		u32 retired = 0;
		/* Retired before it; the current grace period is theirs. */
		u32 waiting = 0;
		/* Small, free, and with their memory, but still in a node: that is not cut for each. */
		u32 loose = 0;
		std::optional<kxx::rcu::GracePeriod> grace_period;
	};

	Pool(kxx::drm::MmRange range, u32 pages, PageLimit *limit, Regions regions, Runs runs,
	     kxx::Workqueue wq);

	Region *region_of(u32 page) const { return regions_[page / Region::nr_pages].protected_(); }
	/* Of @page and those that follow in its region. */
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
	kxx::Result<Extent> back_regions(Extent node);
	bool back_region(u32 page);
	kxx::Result<Extent> back(Extent extent);
	bool back_group(u32 first, unsigned int order);
	bool back_page(u32 page);
	[[gnu::noinline]] u32 back_pages(u32 page, u32 pages);
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
	u32 nr_backed() const { return static_cast<u32>(backed_.read()); }
	u32 most_kept() const { return !limit_ || limit_->is_half_free() ? reserve_ : 0; }
	bool is_limited() const { return limit_ && limit_->is_reached(); }
	/* Frees the memory of retired extents, even if nobody allocates any more. */
	void work() KXX_MAY_SLEEP;

	const u32 pages_;
	const u32 run_pages_;
	/* A free page keeps its memory while no more pages than these have memory. */
	const u32 reserve_;
	PageLimit *const limit_;
	/* List of the pools that share the limit, whose lock guards it. */
	Pool *next_ = nullptr;
	Regions regions_;
	Runs runs_;
	kxx::SpinLock<Space> space_;
	/* Number of pages that have memory, used or not. */
	kxx::Atomic64 backed_{ 0 };
	/* Filled by make_room(). The lock of a spare node is taken under that of space_. */
	Spare<kxx::Page> spare_page_;
	Spare<kxx::Box<Region>> spare_region_;
	Spare<FreeNode> spare_node_;
	kxx::Workqueue wq_;
	kxx::Work<Pool> work_{ *this };
};

} // namespace cxxnull
