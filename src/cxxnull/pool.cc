// SPDX-License-Identifier: GPL-2.0
#include "pool.hpp"

#include <kxx/cpumask.hpp>
#include <kxx/glue/sched.h>
#include <kxx/printk.hpp>

using namespace kxx;

namespace cxxnull {

namespace {

/* Large enough for drm_mm to be no cost, and small beside what a CPU writes. */
constexpr u32 most_run_pages = 64;
constexpr u64 most_reserved_bytes = 64ull << 20;
/* Between two droppings of the lock. */
constexpr unsigned int batch = 64;

u32 smaller(u32 a, u32 b)
{
	return a < b ? a : b;
}

/* An eighth of the pool for all CPUs' runs. */
u32 run_pages_of(u32 pages)
{
	u32 share = pages / 8 / nr_cpu_ids();

	return share ? smaller(share, most_run_pages) : 1;
}

} // namespace

Pool::Pool(drm::MmRange range, u32 pages, Chunks chunks, RetiredExtents retired, Runs runs)
	: pages_(pages), run_pages_(run_pages_of(pages)),
	  reserve_(smaller(pages / 8, most_reserved_bytes / page_size) / Chunk::pages),
	  chunks_(std::move(chunks)), retired_(std::move(retired)), runs_(std::move(runs)),
	  space_(range)
{
}

Result<Box<Pool>> Pool::make(u64 bytes)
{
	u64 pages = (bytes + page_size - 1) / page_size;

	if (pages > 1u << 31)
		return EINVAL;

	auto range = KXX_TRY(drm::MmRange::make(0, pages));
	auto chunks = KXX_TRY(Chunks::make(GFP_KERNEL, (pages + Chunk::pages - 1) / Chunk::pages));
	auto retired = KXX_TRY(RetiredExtents::make(GFP_KERNEL, pages));
	auto runs = KXX_TRY(Runs::make(GFP_KERNEL, nr_cpu_ids()));
	auto pool =
		KXX_TRY(Box<Pool>::make(GFP_KERNEL, range, static_cast<u32>(pages),
					std::move(chunks), std::move(retired), std::move(runs)));

	pool->populate();
	return pool;
}

/*
 * Memory for what is written first, so that it need not be waited for then, nor cleared
 * if the kernel clears what it hands out. No harm if there is less.
 */
void Pool::populate()
{
	for (u32 i = 0; i < reserve_; i++) {
		auto chunk = Box<Chunk>::make(GFP_KERNEL | __GFP_NOWARN);

		if (!chunk)
			break;
		chunks_[i].assign(std::move(chunk).value().into_raw());
		space_.lock()->chunks++;
		kxx_cond_resched();
	}
}

Pool::~Pool()
{
	work_.cancel();

	/* There may be millions. */
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
	for (size_t i = 0; i < chunks_.size(); i++) {
		if (auto *chunk = chunks_[i].protected_())
			auto freed = Box<Chunk>::from_raw(chunk);
		if (i % batch == 0)
			kxx_cond_resched();
	}
}

u64 Pool::memory()
{
	auto space = space_.lock();

	return u64{ space->chunks } * sizeof(Chunk) + space->nodes * u64{ sizeof(Mm::Node) } +
	       pages_ * u64{ sizeof(Retired) } + chunks_.size() * sizeof(Chunk *);
}

u32 Pool::used()
{
	return space_.lock()->used;
}

u32 Pool::nodes()
{
	return space_.lock()->nodes;
}

Result<Extent> Pool::allocate(u32 pages)
{
	if (pages > run_pages_ / 2 && pages > 1)
		return allocate_node(smaller(pages, max_pages));
	return allocate_from_run(pages);
}

/*
 * The lock of a run is this CPU's alone, but when a task moves between the two lines
 * below, and when the pool is full and others look for what is left.
 */
Result<Extent> Pool::allocate_from_run(u32 pages)
{
	auto &run = runs_[raw_smp_processor_id()];
	auto take = [pages](Extent &from) {
		Extent taken{ from.start, smaller(pages, from.pages) };

		from.start += taken.pages;
		from.pages -= taken.pages;
		return taken;
	};
	Extent taken = run.with_locked([&take](Run &run) { return take(run.rest); });

	if (taken.pages)
		return taken;

	Extent fresh = KXX_TRY(allocate_node(run_pages_));

	taken = take(fresh);
	run.with_locked([&fresh](Run &run) {
		if (!run.rest.pages)
			std::swap(run.rest, fresh);
	});
	/* Another task on this CPU was faster. */
	if (fresh.pages)
		free(fresh);
	return taken;
}

Result<Extent> Pool::allocate_node(u32 pages)
{
	auto memory = KXX_TRY(node_memory());

	/* What is free again has its memory already. */
	reclaim();

	Extent extent = insert(memory, pages);

	if (!extent.pages && take_back_runs())
		extent = insert(memory, pages);
	if (!extent.pages) {
		auto space = space_.lock();

		return space->retired || space->waiting ? EAGAIN : ENOSPC;
	}
	return back(extent);
}

Result<Pool::FreeNode> Pool::node_memory()
{
	auto memory = FreeNode::make(GFP_NOWAIT | __GFP_NOWARN);

	if (memory)
		return std::move(memory).value();

	auto spare = space_.with_locked([](Space &space) { return space.node.take(); });

	if (!spare)
		return EAGAIN;
	return std::move(*spare);
}

/* @pages, or the most below it that are in one piece; @memory stays if there are none. */
Extent Pool::insert(FreeNode &memory, u32 pages)
{
	auto space = space_.lock();
	const Mm::Node *node = memory.as_raw();

	for (; pages; pages /= 2) {
		// SAFETY: of the two that own it, only one is not made to forget it below.
		auto tried = FreeNode::from_raw(memory.as_raw());
		/* Low addresses first: chunks that have their memory already are filled up. */
		bool inserted = !!space->mm.insert_node_generic(std::move(tried), pages, 0, 0,
								drm::MmInsertMode::LOW);

		// NOLINTNEXTLINE(bugprone-use-after-move): nothing, or what memory still owns.
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

bool Pool::back_chunk(u32 index)
{
	auto &slot = chunks_[index];

	/* It stays: a node is in it, which is the caller's. */
	if (slot.protected_())
		return true;

	std::optional<Box<Chunk>> chunk;
	auto made = Box<Chunk>::make(GFP_NOWAIT | __GFP_NOWARN);

	if (made) {
		chunk.emplace(std::move(made).value());
	} else {
		auto spare = space_.with_locked([](Space &space) { return space.chunk.take(); });

		if (!spare)
			return false;
		chunk.emplace(std::move(*spare));
	}

	/* Another CPU may have been faster: then ours is freed, after the lock. */
	space_.with_locked([&](Space &space) {
		if (slot.protected_())
			return;
		slot.assign(std::move(*chunk).into_raw());
		space.chunks++;
	});
	return true;
}

/* The part of @extent, from its start, that there is memory for. */
Result<Extent> Pool::back(Extent extent)
{
	u32 end = extent.start + extent.pages;

	for (u32 page = extent.start; page < end; page += contiguous(page)) {
		if (back_chunk(page / Chunk::pages))
			continue;
		free({ page, end - page });
		if (page == extent.start)
			return EAGAIN;
		extent.pages = page - extent.start;
		break;
	}
	return extent;
}

/* What the CPUs have not handed out yet. */
bool Pool::take_back_runs()
{
	bool any = false;

	for (size_t i = 0; i < runs_.size(); i++) {
		Extent rest = runs_[i].with_locked(
			[](Run &run) { return std::exchange(run.rest, Extent{}); });

		if (rest.pages)
			free(rest);
		any |= rest.pages;
	}
	return any;
}

/*
 * Gives @extent back to drm_mm: whole nodes go, others keep what is beside it. False,
 * and nothing has happened, when one must become two and there is no memory for that;
 * @extent is then inside that one, so no other was removed before it.
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
			auto made = space.node.make();

			if (!made)
				return false;
			second.emplace(std::move(*made));
		}

		auto removed = space.mm.remove_node(*node);

		if (!removed)
			bug();
		space.nodes--;

		auto reserve = [&space](FreeNode memory, u64 from, u64 to) {
			/* It was this node's a moment ago. */
			if (!space.mm.reserve_node(std::move(memory), from, to - from))
				bug();
			space.nodes++;
		};
		FreeNode memory = std::move(removed).value();

		if (second) {
			reserve(std::move(memory), node_start, start);
			reserve(std::move(*second), end, node_end);
		} else if (node_start < start) {
			reserve(std::move(memory), node_start, start);
		} else if (node_end > end) {
			reserve(std::move(memory), end, node_end);
		}
	}
	space.used -= extent.pages;
	release_chunks(space, extent);
	return true;
}

/* Memory that is free goes back to the kernel, but for a reserve. */
void Pool::release_chunks(Space &space, Extent extent)
{
	u32 last = (extent.start + extent.pages - 1) / Chunk::pages;

	for (u32 i = extent.start / Chunk::pages; i <= last; i++) {
		if (space.chunks <= space.used / Chunk::pages + reserve_)
			return;

		u64 first_page = u64{ i } * Chunk::pages;
		auto *chunk = chunks_[i].protected_();

		if (!chunk || space.mm.interval_first(first_page, first_page + Chunk::pages - 1))
			continue;
		chunks_[i].assign(nullptr);
		space.chunks--;
		auto freed = Box<Chunk>::from_raw(chunk);
	}
}

void Pool::free(Extent extent)
{
	auto space = space_.lock();

	if (!release(*space, extent))
		link_retired(*space, &extent, 1);
}

void Pool::link_retired(Space &space, const Extent *extents, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		retired_[extents[i].start] = { space.retired, extents[i].pages };
		space.retired = extents[i].start + 1;
	}
}

void Pool::retire(const Extent *extents, unsigned int n)
{
	space_.with_locked([&](Space &space) { link_retired(space, extents, n); });
	work_.schedule();
}

/* Gives back what no reader can have any more; whether that was anything. */
bool Pool::reclaim()
{
	for (bool any = false;;) {
		auto space = space_.lock();

		if (!space->waiting) {
			if (!space->retired)
				return any;
			space->waiting = std::exchange(space->retired, 0);
			space->grace_period = rcu::GracePeriod::start();
		}
		// NOLINTNEXTLINE(bugprone-unchecked-optional-access): there is one if any wait.
		if (!space->grace_period->is_over())
			return any;
		for (unsigned int i = 0; i < batch && space->waiting; i++) {
			u32 page = space->waiting - 1;
			/* The page is another's as soon as it is released. */
			Retired extent = retired_[page];

			if (!release(*space, { page, extent.pages }))
				return any;
			space->waiting = extent.next;
			any = true;
		}
	}
}

Result<void> Pool::add_spare_node()
{
	FreeNode node = KXX_TRY(FreeNode::make(GFP_NOIO | __GFP_NOWARN));

	/* If there is one, ours is freed, after the lock. */
	space_.with_locked([&node](Space &space) { space.node.put(node); });
	return {};
}

/* Whether there is more to wait for. */
bool Pool::wait_and_reclaim()
{
	auto grace_period = space_.with_locked(
		[](Space &space) { return space.waiting ? space.grace_period : std::nullopt; });

	if (grace_period)
		grace_period->wait();
	reclaim();
	return space_.with_locked(
		[](Space &space) { return space.waiting != 0 || space.retired != 0; });
}

Result<void> Pool::make_room()
{
	KXX_TRY(add_spare_node());

	Box<Chunk> chunk = KXX_TRY(Box<Chunk>::make(GFP_NOIO | __GFP_NOWARN));

	space_.with_locked([&chunk](Space &space) { space.chunk.put(chunk); });
	/* Twice: what is retired now may have to wait for what waits already. */
	if (wait_and_reclaim())
		wait_and_reclaim();
	return {};
}

void Pool::work()
{
	reclaim();
	while (wait_and_reclaim()) {
		/* For what must become two. What remains is for the next who asks. */
		if (!add_spare_node())
			return;
		kxx_cond_resched();
	}
}

} // namespace cxxnull
