// SPDX-License-Identifier: GPL-2.0
#include "pool.hpp"

#include <bit>

#include <kxx/glue/sync/sched.h>
#include <kxx/base/printk.hpp>

using namespace kxx;

namespace cxxnull {

namespace {

/* Pages of a run: enough to make drm_mm's cost negligible, few compared to what a CPU writes. */
constexpr u32 most_run_pages = 64;
constexpr u64 most_reserved_bytes = 64ull << 20;
/*
 * Pages that get contiguous memory at once. The largest number is that of a run, so that the next
 * writes find memory. Blocks smaller than the least are left to the rest of the kernel, which
 * needs such blocks for the stacks of new tasks.
 */
constexpr u32 group_pages = most_run_pages;
constexpr u32 least_group_pages = 8;
/* A larger extent is given back to drm_mm when it is free, a smaller one becomes loose. */
constexpr u32 most_loose_pages = 8;
/* Number of extents, nodes or tables to handle before the next chance to reschedule. */
constexpr unsigned int batch = 16;

/* Returns the pages of one run, at least 1. Larger runs share at most an eighth of the pool. */
u32 run_pages_of(u32 pages)
{
	u32 share = pages / 8 / nr_cpu_ids();

	return share ? smaller(share, most_run_pages) : 1;
}

} // namespace

Pool::Pool(drm::MmRange range, u32 pages, PageLimit *limit, Regions regions, Runs runs,
	   Workqueue wq)
	: pages_(pages), run_pages_(run_pages_of(pages)),
	  reserve_(smaller(pages / 8, most_reserved_bytes / page_size)), limit_(limit),
	  regions_(std::move(regions)), runs_(std::move(runs)), space_(range), wq_(std::move(wq))
{
}

Result<Box<Pool>> Pool::make(u64 bytes, PageLimit *limit)
{
	u64 pages = (bytes + page_size - 1) / page_size;

	if (limit && pages > limit->pages())
		pages = limit->pages();
	if (pages > 1u << 31)
		return EINVAL;

	auto range = KXX_TRY(drm::MmRange::make(0, pages));
	auto regions = KXX_TRY(
		Regions::make(table_gfp, (pages + Region::nr_pages - 1) / Region::nr_pages));
	auto runs = KXX_TRY(Runs::make(table_gfp, nr_cpu_ids()));
	auto wq = KXX_TRY(Workqueue::make("cxxnull"));
	auto pool = KXX_TRY(Box<Pool>::make(GFP_KERNEL, range, static_cast<u32>(pages), limit,
					    std::move(regions), std::move(runs), std::move(wq)));

	if (limit)
		limit->add(*pool);
	return pool;
}

Pool::~Pool()
{
	if (limit_)
		limit_->remove(*this);
	work_.cancel();

	for (bool more = true; more; kxx_cond_resched()) {
		auto space = space_.lock();
		unsigned int n = 0;

		for (auto &node : space->mm.nodes()) {
			auto freed = space->mm.remove_node(node);

			if (++n == batch)
				break;
		}
		more = n == batch;
	}
	for (size_t i = 0; i < regions_.size(); i++) {
		if (auto *region = regions_[i].protected_()) {
			auto freed = Box<Region>::from_raw(region);

			for (auto &page : region->pages)
				if (auto *bytes = page.protected_())
					auto freed_page = Page::from_raw(bytes);
		}
		if (i % batch == 0)
			kxx_cond_resched();
	}

	uncharge(nr_populated());
}

u64 Pool::memory()
{
	auto space = space_.lock();

	return nr_populated() * u64{ page_size } + space->nodes * u64{ sizeof(Mm::Node) } +
	       space->regions * u64{ sizeof(Region) } + regions_.size() * sizeof(Region *) +
	       runs_.size() * sizeof(Run);
}

Result<Extent> Pool::allocate(u32 pages)
{
	bool large = pages > run_pages_ / 2 && pages > 1;
	Extent extent = KXX_TRY(large ? allocate_node(smaller(pages, max_pages))
				      : allocate_from_run(pages));

	return populate(extent);
}

/*
 * Other CPUs take the lock of a run only if a task migrates after it has looked up the run, or if
 * take_back_runs() looks for free pages, because the pool is full or the limit is reached.
 */
Result<Extent> Pool::allocate_from_run(u32 pages)
{
	auto &run = runs_[raw_smp_processor_id()];
	Extent taken = run.rest.with_locked([pages](Extent &rest) { return rest.take(pages); });

	if (!taken.pages)
		taken = take_loose(pages);
	if (taken.pages)
		return taken;

	Extent fresh = KXX_TRY(allocate_node(run_pages_));

	taken = fresh.take(pages);
	run.rest.with_locked([&fresh](Extent &rest) {
		if (!rest.pages)
			std::swap(rest, fresh);
	});
	/* Another task on this CPU has refilled the run meanwhile. */
	if (fresh.pages)
		free(fresh);
	return taken;
}

Result<Extent> Pool::allocate_node(u32 pages)
{
	auto memory = KXX_TRY(spare_node_.make_or_take());

	/* Reclaim first: pages that were used before have memory already. */
	reclaim();

	Extent extent = insert(memory, pages);

	if (!extent.pages && take_back_runs())
		extent = insert(memory, pages);
	if (!extent.pages)
		extent = take_loose(pages);
	if (!extent.pages)
		return is_full(*space_.lock()) ? ENOSPC : EAGAIN;
	return add_regions(extent);
}

/*
 * Returns true if all pages are published now. With @space locked, no page is retired, and no
 * retired page is handed out again. The counters of published pages never decrease, so their sum
 * is never more than the number at the time of the last read.
 */
bool Pool::is_full(const Space &space) const
{
	return published_pages() - space.unpublished == pages_;
}

/* Returns the number of pages that were published since the pool was made. */
s64 Pool::published_pages() const
{
	s64 published = 0;

	for (size_t i = 0; i < runs_.size(); i++)
		published += runs_[i].published.read();
	return published;
}

/* Takes up to @pages pages of a loose extent; none if even reclaim() finds no such extent. */
Extent Pool::take_loose(u32 pages)
{
	auto take = [&](Space &space) {
		if (!space.loose)
			return Extent{};

		Extent rest = unlink(space.loose);
		Extent taken = rest.take(pages);

		if (rest.pages)
			link(space.loose, rest);
		space.used += taken.pages;
		return taken;
	};
	Extent taken = space_.with_locked(take);

	if (!taken.pages) {
		reclaim();
		taken = space_.with_locked(take);
	}
	return taken;
}

/* Inserts a node of @pages, or half as many until one fits, and takes @memory if one does. */
Extent Pool::insert(FreeNode &memory, u32 pages)
{
	auto space = space_.lock();
	const Mm::Node *node = memory.as_raw();

	for (; pages; pages /= 2) {
		// SAFETY: both own the node now, until one of the two into_raw() below releases it.
		auto tried = FreeNode::from_raw(memory.as_raw());
		/* Prefer low page numbers: these pages are most likely to have memory already. */
		bool inserted = !!space->mm.insert_node_generic(std::move(tried), pages, 0, 0,
								drm::MmInsertMode::LOW);

		// NOLINTNEXTLINE(bugprone-use-after-move): empty, or the node that memory owns.
		static_cast<void>(std::move(tried).into_raw());
		if (!inserted)
			continue;
		static_cast<void>(std::move(memory).into_raw());
		space->nodes++;
		space->used += pages;
		return { static_cast<u32>(node->start()), pages };
	}
	return {};
}

/* Makes sure that @page has a region, which stays for good; false without memory for it. */
bool Pool::add_region(u32 page)
{
	auto &slot = regions_[page / Region::nr_pages];

	if (slot.protected_())
		return true;

	auto made = spare_region_.make_or_take();

	if (!made)
		return false;

	Box<Region> region = std::move(made).value();

	/* If another CPU has added one meanwhile, @region is freed after the lock is released. */
	space_.with_locked([&](Space &space) {
		if (slot.protected_())
			return;
		slot.assign(std::move(region).into_raw());
		space.regions++;
	});
	return true;
}

/*
 * Makes sure that the pages of @node have regions. Returns the first pages of @node for which
 * that succeeded, and frees the others: a page without a region could not be retired.
 */
Result<Extent> Pool::add_regions(Extent node)
{
	u32 end = node.start + node.pages;
	u32 page = node.start;

	while (page < end && add_region(page))
		page += Region::nr_pages - page % Region::nr_pages;
	if (page >= end)
		return node;
	/* free() only cuts off the node's end, so it needs neither memory nor a region. */
	free({ page, end - page });
	if (page == node.start)
		return EAGAIN;
	node.pages = page - node.start;
	return node;
}

/*
 * Gives memory from @take to each of @pages pages from @first on that has none; they lie in one
 * region. Returns how many got memory. The lock keeps two callers from filling the same slot.
 */
template <typename F> u32 Pool::install(u32 first, u32 pages, F &&take)
{
	auto *slots = slots_of(first);

	return space_.with_locked([&](Space &) {
		u32 used = 0;

		for (u32 i = 0; i < pages; i++) {
			if (slots[i].protected_())
				continue;
			slots[i].assign(take().into_raw());
			used++;
		}
		populated_.add(used);
		return used;
	});
}

/*
 * Gives contiguous memory to 2^@order pages of a region from @first on, which is faster than
 * memory for one page after another. Returns false at once if there is none.
 */
bool Pool::populate_group(u32 first, unsigned int order)
{
	u32 pages = 1u << order;

	if (!charge(pages))
		return false;

	/* Contiguous memory is an optimisation: do not take it from the kernel's reserves. */
	auto made = SplitPages::make(GFP_NOWAIT | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC,
				     order);

	if (!made) {
		uncharge(pages);
		return false;
	}

	SplitPages memory = std::move(made).value();

	// NOLINTNEXTLINE(bugprone-unchecked-optional-access): there are as many as were asked for.
	uncharge(pages - install(first, pages, [&memory] { return *memory.take(); }));
	return true;
}

/* Gives memory to @page, which the caller owns. Returns false if there is no memory now. */
bool Pool::populate_page(u32 page)
{
	if (!charge(1))
		return false;

	auto made = spare_page_.make_or_take();

	if (!made) {
		uncharge(1);
		/* Another CPU's populate_group() may have given memory to @page. */
		return bytes(page);
	}

	Page memory = std::move(made).value();

	uncharge(1 - install(page, 1, [&memory] { return std::move(memory); }));
	return true;
}

/*
 * Gives memory to @page, and if possible to pages after it. Returns how many of the caller's
 * @pages pages from @page on have memory then, or 0 if there is no memory now.
 */
u32 Pool::populate_pages(u32 page, u32 pages)
{
	static_assert(Region::nr_pages % group_pages == 0);

	const auto *slots = slots_of(page);
	/* Includes pages of other extents. install() checks each slot again with the lock held. */
	u32 most = smaller(group_pages - page % group_pages, pages_ - page);
	u32 n = 0;

	while (n < most && !slots[n].protected_())
		n++;
	for (; n >= least_group_pages; n = n > least_group_pages ? least_group_pages : 0) {
		auto order = static_cast<unsigned int>(std::bit_width(n) - 1);

		if (populate_group(page, order))
			return smaller(1u << order, pages);
	}
	return populate_page(page);
}

/*
 * Gives memory to the pages of @extent. Returns the first pages of @extent for which that
 * succeeded, and frees the others. Nobody frees the memory of a page that the caller owns.
 */
Result<Extent> Pool::populate(Extent extent)
{
	for (u32 i = 0, n; i < extent.pages; i += n) {
		n = bytes(extent.start + i) ? 1
					    : populate_pages(extent.start + i, extent.pages - i);
		if (n) [[likely]]
			continue;
		free({ extent.start + i, extent.pages - i });
		if (!i)
			return EAGAIN;
		extent.pages = i;
	}
	return extent;
}

/* Frees what is left of each CPU's run. Returns true if that was any page. */
bool Pool::take_back_runs()
{
	bool any = false;

	for (size_t i = 0; i < runs_.size(); i++) {
		Extent rest = runs_[i].rest.with_locked(
			[](Extent &rest) { return std::exchange(rest, Extent{}); });

		if (rest.pages)
			free(rest);
		any |= rest.pages;
	}
	return any;
}

/*
 * Gives @extent back to drm_mm: removes the nodes in it, and cuts nodes that extend beyond it.
 * Returns false, changing nothing, if a node must be split and no spare node is available. @extent
 * then lies inside that node, so no node was removed yet.
 */
bool Pool::release(Space &space, Extent extent)
{
	u64 start = extent.start;
	u64 end = start + extent.pages;

	while (auto *node = space.mm.interval_first(start, end - 1)) {
		u64 node_start = node->start();
		u64 node_end = node_start + node->size();
		std::optional<FreeNode> second;

		if (node_start < start && node_end > end) {
			auto made = spare_node_.make_or_take();

			if (!made)
				return false;
			second.emplace(std::move(made).value());
		}

		auto removed = space.mm.remove_node(*node);

		if (!removed)
			bug();
		space.nodes--;

		auto reserve = [&space](FreeNode memory, u64 from, u64 to) {
			/* Cannot fail, because the removed node covered this range. */
			if (!space.mm.reserve_node(std::move(memory), from, to - from))
				bug();
			space.nodes++;
		};
		FreeNode memory = std::move(removed).value();

		if (second)
			reserve(std::move(*second), end, node_end);
		if (node_start < start)
			reserve(std::move(memory), node_start, start);
		else if (node_end > end)
			reserve(std::move(memory), end, node_end);
	}
	space.used -= extent.pages;
	return true;
}

/*
 * Frees the memory of pages in @extent until no more than @keep pages of the pool have memory.
 * The caller owns @extent, or holds the lock of space_ and nobody owns @extent.
 */
void Pool::release_memory(Extent extent, u32 keep)
{
	for (u32 page = extent.start; page < extent.start + extent.pages; page++) {
		if (nr_populated() <= keep)
			break;

		Region *region = region_of(page);

		if (!region) {
			page |= Region::nr_pages - 1;
			continue;
		}

		auto &slot = region->pages[page % Region::nr_pages];

		if (auto *bytes = slot.protected_()) {
			auto freed = Page::from_raw(bytes);

			slot.assign(nullptr);
			populated_.add(-1);
			uncharge(1);
		}
	}
}

/* Frees the memory of those pages in @extent that no node of drm_mm covers. */
void Pool::release_holes(Space &space, Extent extent)
{
	u64 end = u64{ extent.start } + extent.pages;

	for (u64 page = extent.start; page < end;) {
		const auto *node = space.mm.interval_first(page, end - 1);
		u64 hole_end = node ? node->start() : end;

		if (page < hole_end)
			release_memory(
				{ static_cast<u32>(page), static_cast<u32>(hole_end - page) }, 0);
		page = node ? hole_end + node->size() : end;
	}
}

/* Gives some loose extents back to drm_mm. Returns true if there are more. */
bool Pool::release_loose()
{
	/* Splitting a node for a loose extent takes a spare node; without one all stay loose. */
	if (!spare_node_.refill())
		return false;

	auto space = space_.lock();

	for (unsigned int i = 0; i < batch && space->loose; i++) {
		Extent extent = unlink(space->loose);

		space->used += extent.pages;
		if (!release(*space, extent)) {
			space->used -= extent.pages;
			link(space->loose, extent);
			break;
		}
	}
	return space->loose;
}

/* Frees the memory that free pages keep, one region at a time. */
void Pool::release_reserve()
{
	take_back_runs();
	while (reclaim())
		kxx_cond_resched();
	while (release_loose())
		kxx_cond_resched();
	for (u32 i = 0; i < regions_.size(); i++) {
		if (regions_[i].protected_()) {
			u32 page = i * Region::nr_pages;
			Extent region{ page, smaller(Region::nr_pages, pages_ - page) };

			space_.with_locked([&](Space &space) { release_holes(space, region); });
		}
		if (i % batch == 0)
			kxx_cond_resched();
	}
}

void Pool::free(Extent extent)
{
	/* Free the memory before taking the lock, since the extent may be large. */
	release_memory(extent, most_kept());

	bool released = space_.with_locked([&](Space &space) {
		if (release(space, extent))
			return true;
		link(space.retired, extent);
		return false;
	});

	if (!released)
		work_.queue_work(wq_);
}

void Pool::link(u32 &list, Extent extent)
{
	Retired &entry = retired(extent.start);

	entry.next = list;
	entry.pages = extent.pages;
	list = extent.start + 1;
}

/* Removes and returns the first extent of @list, which must not be empty. */
Extent Pool::unlink(u32 &list)
{
	u32 page = list - 1;

	list = retired(page).next;
	return { page, retired(page).pages };
}

void Pool::collect(Retiree &retiree, u32 page)
{
	if (retiree.pages && retiree.first - 1 + retired(retiree.first - 1).pages == page) {
		retired(retiree.first - 1).pages++;
	} else {
		link(retiree.first, { page, 1 });
		if (!retiree.pages)
			retiree.last = retiree.first;
	}
	retiree.pages++;
}

void Pool::retire(const Retiree &retiree)
{
	if (!retiree.pages)
		return;
	space_.with_locked([&](Space &space) {
		retired(retiree.last - 1).next = std::exchange(space.retired, retiree.first);
		space.unpublished += retiree.pages;
	});
	if (nr_populated() > most_kept())
		work_.queue_work(wq_);
}

/* Frees some extents that no reader uses any more. Returns true if another call may free more. */
bool Pool::reclaim()
{
	auto space = space_.lock();

	if (!space->waiting) {
		if (!space->retired)
			return false;
		space->waiting = std::exchange(space->retired, 0);
		space->grace_period = rcu::GracePeriod::start();
	}
	// NOLINTNEXTLINE(bugprone-unchecked-optional-access): there is one if any wait.
	if (!space->grace_period->is_over())
		return false;
	for (unsigned int i = 0; i < batch && space->waiting; i++) {
		Extent extent = unlink(space->waiting);

		if (extent.pages <= most_loose_pages && nr_populated() <= most_kept()) {
			link(space->loose, extent);
			space->used -= extent.pages;
			continue;
		}
		release_memory(extent, most_kept());
		if (!release(*space, extent)) {
			link(space->waiting, extent);
			return false;
		}
	}
	return space->waiting || space->retired;
}

bool Pool::has_retired()
{
	reclaim();
	return space_.with_locked(
		[](Space &space) { return space.waiting != 0 || space.retired != 0; });
}

void Pool::wait_and_reclaim()
{
	auto grace_period = space_.with_locked(
		[](Space &space) { return space.waiting ? space.grace_period : std::nullopt; });

	if (grace_period)
		grace_period->wait();
	while (reclaim())
		kxx_cond_resched();
}

Result<void> Pool::make_room()
{
	KXX_TRY(spare_node_.refill());
	KXX_TRY(spare_region_.refill());
	KXX_TRY(spare_page_.refill());
	if (space_.lock()->used < pages_ && !is_limited())
		return {};

	if (has_retired()) {
		wait_and_reclaim();
		/* Extents that were retired meanwhile got a grace period only after that one. */
		if (has_retired())
			wait_and_reclaim();
		return {};
	}
	if (is_limited() && limit_->is_used_up())
		return ENOSPC;
	/* After a grace period, each page that a writer held is published or free. */
	rcu::GracePeriod::start().wait();
	if (is_limited())
		limit_->release_reserves();
	return {};
}

void Pool::work()
{
	for (;;) {
		wait_and_reclaim();
		if (!has_retired())
			return;
		/* Splitting a node takes a spare node. Without one, retry after a grace period. */
		if (!spare_node_.refill()) {
			rcu::GracePeriod::start().wait();
			work_.queue_work(wq_);
			return;
		}
		kxx_cond_resched();
	}
}

} // namespace cxxnull
