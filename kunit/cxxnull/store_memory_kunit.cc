// SPDX-License-Identifier: GPL-2.0
/*
 * store_memory_kunit.cc - tests of src/cxxnull/store.hpp: use of memory
 *
 * Checks how much memory a store takes, and when it frees memory.
 */
#include <kxx/glue/sync/sched.h>

#include "../random.hpp"
#include "store.hpp"

using namespace kxx;
using namespace stores;

static void random_pages_take_little_more_memory_than_their_own(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 4096;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(4 * pages * page));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	Random random(7);
	unsigned int failed = 0;

	/* The disk is so large that hardly any two pages share a leaf (store.hpp). */
	for (u64 i = 0; i < pages; i++) {
		failed += !write(*s, random.below(1 << 26) * page, b->bytes, page);
		kxx_cond_resched();
	}
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_TRUE(test, s->memory() * 100 <= pages * page * 115);
}

static void pages_in_a_row_take_hardly_more_memory_than_their_own(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 4096;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(4 * pages * page));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	unsigned int failed = 0;

	for (u64 i = 0; i < pages; i++) {
		failed += !write(*s, i * page, b->bytes, page);
		kxx_cond_resched();
	}
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_TRUE(test, s->memory() * 100 <= pages * page * 103);
	/*
	 * The store must free the memory again, except its reserve. If memory is short, work() of
	 * the pool does that step by step, so wait for it.
	 */
	s->discard(0, pages * page);
	for (int i = 0; i < 500 && s->memory() > 4 * pages * page / 7; i++) {
		settle(*s);
		kxx_test_msleep(10);
	}
	KUNIT_EXPECT_TRUE(test, s->memory() <= 4 * pages * page / 7);
}

/* A group of pages gets its memory together, but no page beyond the last one may get any. */
static void small_store_takes_no_memory_beyond_its_end(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 9;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pages * page));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	u64 empty = s->memory();

	for (u64 i = 0; i < pages; i++)
		KUNIT_EXPECT_TRUE(test, write(*s, i * page, b->bytes, page));
	/* Allow three more pages: for a table of pages, leaves and nodes. */
	KUNIT_EXPECT_TRUE(test, s->memory() - empty < (pages + 3) * page);
}

static void store_may_have_a_single_page(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(page));

	KUNIT_EXPECT_TRUE(test,
			  write(*s, 3 * page, reinterpret_cast<const unsigned char *>("x"), 1));
	KUNIT_EXPECT_EQ(test, others_than('x', *s, 3 * page, 1), 0);
	KUNIT_EXPECT_EQ(test,
			write(*s, 0, reinterpret_cast<const unsigned char *>("y"), 1).to_errno(),
			ENOSPC.to_errno());
}

/* 700 KiB leave room for the other data of a disk within 1 MiB. */
static void empty_store_of_up_to_16_gib_takes_less_than_1_mib(struct kunit *test) KXX_MAY_SLEEP
{
	for (u64 size : { 1ull << 30, 2ull << 30, 4ull << 30, 12ull << 30, 16ull << 30 }) {
		auto store = KUNIT_ASSERT_VALUE(test, Store::make(size));

		KUNIT_EXPECT_TRUE(test, store->memory() <= 700 << 10);
	}
}

static void large_empty_store_takes_a_part_in_25000(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 size = 1ull << 40;
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(size));

	KUNIT_EXPECT_TRUE(test, store->memory() <= size / 25000);
}

static void store_beyond_what_a_number_can_say_is_refused(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make((1ull << 31) * page + 1);

	KUNIT_EXPECT_TRUE(test, !store && store.error() == EINVAL);
}

static void stores_share_one_limit(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 most = 64;
	PageLimit limit(most);
	auto one = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto second = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, most * page));

	{
		Box<Store> first = std::move(one);

		memset(&b[0], 0x12, most * page);
		KUNIT_EXPECT_TRUE(test, write(*first, 0, &b[0], most / 2 * page));
		KUNIT_EXPECT_EQ(test, write(*second, 0, &b[0], most * page).to_errno(),
				ENOSPC.to_errno());
		KUNIT_EXPECT_TRUE(test, limit.used() <= most);
		KUNIT_EXPECT_EQ(test, others_than(0x12, *first, 0, most / 2 * page), 0);
		/* Pages that the first store frees become available to the second. */
		first->discard(0, most / 2 * page);
		KUNIT_EXPECT_EQ(test, write(*second, 0, &b[0], most * page).to_errno(), 0);
		KUNIT_EXPECT_EQ(test, write(*first, 0, &b[0], 1).to_errno(), ENOSPC.to_errno());
	}
	KUNIT_EXPECT_EQ(test, limit.used(), most);
	second->discard(0, most * page);
	settle(*second);
	KUNIT_EXPECT_TRUE(test, limit.used() <= most / 2);
}

static void memory_that_a_store_keeps_is_another_ones(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 most = 64;
	PageLimit limit(most);
	auto first = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto second = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, most * page));

	KUNIT_EXPECT_TRUE(test, write(*first, 0, &b[0], most / 4 * page));
	KUNIT_EXPECT_TRUE(test, write(*first, most * page, &b[0], 1));
	first->discard(0, most / 4 * page);
	settle(*first);
	/*
	 * Only one page is in use. The first store also keeps memory for later writes, and its
	 * CPU has the rest of a group.
	 */
	KUNIT_EXPECT_TRUE(test, limit.used() > 1);
	KUNIT_EXPECT_EQ(test, write(*second, 0, &b[0], (most - 1) * page).to_errno(), 0);
	KUNIT_EXPECT_EQ(test, limit.used(), most);
	KUNIT_EXPECT_EQ(test, write(*second, most * page, &b[0], 1).to_errno(), ENOSPC.to_errno());
}

static void store_that_goes_leaves_nothing_in_the_limit(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 most = 64;
	PageLimit limit(most);
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, most * page));

	/* Many rounds, so that some stores are destroyed before their grace period is over. */
	for (unsigned int i = 0; i < 50; i++) {
		auto s = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));

		KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], most * page));
		s->discard(0, most * page);
	}
	KUNIT_EXPECT_EQ(test, limit.used(), 0);

	/* make_room() must not ask a destroyed store for the memory that it kept. */
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], most * page));
	KUNIT_EXPECT_EQ(test, s->make_room().to_errno(), ENOSPC.to_errno());
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), most);
}

static void page_that_a_reader_has_is_not_handed_out_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pool));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pool));
	{
		auto reader = rcu::read_lock();

		KUNIT_EXPECT_TRUE(test, s->discard_now(0, pool));
		/* The first write starts a grace period, which the reader blocks. */
		for (unsigned int i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, s->write(2 * pool, &b[0], page).to_errno(),
					EAGAIN.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, write(*s, 2 * pool, &b[0], pool));
}

static void discard_leaves_no_empty_leaf(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 64;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pages * page));
	unsigned char byte = 0x29;
	u64 first = 0;

	/* Write each page to a leaf of its own, and use other leaves in each round. */
	for (u64 round = 0; round < 40; round++) {
		for (u64 i = 0; i < pages / 2; i++) {
			KUNIT_EXPECT_TRUE(test, write(*s, (round * pages + i) << 24, &byte, 1));
			s->discard((round * pages + i) << 24, page);
		}
		settle(*s);
		/* By now the pool has freed the groups that the first pages got. */
		if (round == 8)
			first = s->memory();
	}
	/* The number of nodes and of kept pages varies a little; the leaves would be 90 KiB. */
	KUNIT_EXPECT_TRUE(test, s->memory() < first + 16 * page);
}

static void small_extents_are_handed_out_as_they_were_given_back(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 256;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(8 * pages * page));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pages * page));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pages * page));

	u64 memory = s->memory();

	for (u64 i = 0; i < pages; i += 2)
		s->discard(i * page, page);
	settle(*s);
	/* The node was not cut and no memory was freed, since the extents are small. */
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 1);
	KUNIT_EXPECT_EQ(test, s->pool().used(), pages / 2);
	for (u64 i = 0; i < pages; i += 2)
		KUNIT_EXPECT_TRUE(test, write(*s, i * page, &b[0], page));
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 1);
	KUNIT_EXPECT_EQ(test, s->pool().used(), pages);
	KUNIT_EXPECT_EQ(test, s->memory(), memory);
}

static void small_extents_are_not_kept_where_memory_is_short(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 pages = 256;
	PageLimit limit(pages);
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pages * page, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pages * page));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pages * page));
	for (u64 i = 0; i < pages; i += 4)
		s->discard(i * page, page);
	settle(*s);
	KUNIT_EXPECT_EQ(test, limit.used(), pages - pages / 4);
}

static void few_pages_take_no_memory_together(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 pages = 64, few = 7;
	PageLimit limit(256);
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pages * page, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pages * page));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pages * page));
	s->discard(2 * page, few * page);
	settle(*s);
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), pages - few);
	/* The hole is smaller than the least group of 8 pages: the page gets memory alone. */
	KUNIT_EXPECT_TRUE(test, write(*s, 2 * page, &b[0], page));
	KUNIT_EXPECT_EQ(test, limit.used(), pages - few + 1);
}

static void large_write_takes_what_was_given_back_page_by_page(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 256;
	PageLimit limit(pages);
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto o = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pages * page));

	for (u64 i = 0; i < pages / 2; i++)
		KUNIT_EXPECT_TRUE(test, write(*s, i * page, &b[0], page));
	limit.release_reserves();
	for (u64 i = 0; i < pages / 2; i++)
		s->discard(i * page, page);
	/* Write to another store, which must take pages of the first; then to the first. */
	KUNIT_EXPECT_EQ(test, write(*o, 0, &b[0], pages * page).to_errno(), 0);
	o->discard(0, pages * page);
	KUNIT_EXPECT_EQ(test, write(*s, 0, &b[0], pages * page).to_errno(), 0);
	KUNIT_EXPECT_EQ(test, s->pool().used(), pages);
}

static void discard_of_all_finds_all_of_a_crowded_bucket(struct kunit *test) KXX_MAY_SLEEP
{
	/* Multiples of a large Fibonacci number hash to few buckets (golden ratio). */
	static constexpr u64 leaves_apart = 1548008755920;
	static constexpr u64 apart = leaves_apart * 16 * page;
	static constexpr u64 pages = 40;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(64 * page));
	unsigned char byte = 0x2a;

	for (u64 i = 1; i <= pages; i++)
		KUNIT_EXPECT_TRUE(test, write(*s, i * apart, &byte, 1));
	s->discard(0, 1ull << 63);
	for (u64 i = 1; i <= pages; i++)
		KUNIT_EXPECT_EQ(test, others_than(0, *s, i * apart, 1), 0);
}

static void page_of_a_slower_writer_is_free_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pool));

	for (unsigned int i = 0; i < 4 * pool / page; i++) {
		s->discard(0, page);
		settle(*s);

		Store::Writer writer(*s, 0, 1024);

		KUNIT_EXPECT_TRUE(test, writer.write(&b[0], 512));
		KUNIT_EXPECT_TRUE(test, s->write(0, &b[0], page));
		KUNIT_EXPECT_TRUE(test, writer.write(&b[0], 512));
	}
	KUNIT_EXPECT_TRUE(test, write(*s, page, &b[0], pool - page));
}

static void charge_that_is_undone_is_no_used_up_limit(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 most = 64;
	PageLimit limit(most);
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, most * page));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], (most - 1) * page));
	limit.release_reserves();
	KUNIT_ASSERT_TRUE(test, limit.used() == most - 1);
	/* Charge a page as a writer does that then fails to allocate it. */
	KUNIT_EXPECT_TRUE(test, limit.charge(1));
	KUNIT_EXPECT_TRUE(test, limit.is_reached());
	KUNIT_EXPECT_TRUE(test, s->make_room());
	limit.uncharge(1);
	KUNIT_EXPECT_TRUE(test, write(*s, (most - 1) * page, &b[0], page));
	KUNIT_EXPECT_EQ(test, s->make_room().to_errno(), ENOSPC.to_errno());
}

static void memory_is_charged_once(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 written = 16;
	PageLimit limit(64);
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(1 << 30, &limit));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, written * page));

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], written * page));
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), written);
	/* Discard pages in the middle of a group that got its memory together. */
	s->discard(2 * page, 3 * page);
	settle(*s);
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), written - 3);
	/* Backing the whole group again must charge only the three pages that lack memory. */
	KUNIT_EXPECT_TRUE(test, write(*s, 2 * page, &b[0], 3 * page));
	/* With one CPU the pages may come from another group; free what that group keeps. */
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), written);
}

static void pool_is_no_larger_than_its_limit(struct kunit *test) KXX_MAY_SLEEP
{
	PageLimit limit(1000);
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(1ull << 40, &limit));

	KUNIT_EXPECT_EQ(test, s->pool().pages(), 1000);
	KUNIT_EXPECT_TRUE(test, s->memory() < 64 << 10);
}

namespace {

/*
 * One CPU frees many pages, again and again. The other CPUs ask for the size of the pool; they
 * can see it half freed only if the pool releases its lock in between.
 */
struct Steps {
	static constexpr u32 pages = 1024;

	cxxnull::Pool &pool;
	PageLimit &limit;
	const bool of_reserve;
	Atomic has_worker{ 0 }, is_releasing{ 0 }, is_done{ 0 }, seen{ 0 };
	u64 empty = pool.memory();

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &steps = *static_cast<Steps *>(data);
		int none = 0;

		if (steps.has_worker.try_cmpxchg(none, 1))
			steps.work();
		else
			steps.look();
	}

	void work() KXX_MAY_SLEEP
	{
		for (unsigned int round = 0; round < 300 && !seen.read(); round++) {
			release();
			kxx_cond_resched();
		}
		is_done.set(1);
	}

	void release() KXX_MAY_SLEEP
	{
		{
			auto lock = rcu::read_lock();
			auto extent = pool.allocate(pages);

			if (!extent)
				return;
			is_releasing.set(!of_reserve);
			pool.free(cxxnull::Extent(std::move(extent).value()));
		}
		is_releasing.set(of_reserve);
		limit.release_reserves();
		is_releasing.set(0);
	}

	void look() KXX_MAY_SLEEP
	{
		while (!is_done.read()) {
			if (is_releasing.read() && is_partly_backed() && is_releasing.read())
				seen.inc();
			kxx_cond_resched();
		}
	}

	/* Tables and nodes take much less memory than an eighth of the pages. */
	bool is_partly_backed()
	{
		u64 memory = pool.memory();

		return memory > empty + pages * page / 8 && memory < empty + pages * page * 7 / 8;
	}
};

void expect_steps(struct kunit *test, bool of_reserve) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	/* The pool keeps memory of free pages only while half of the limit is free. */
	PageLimit limit(of_reserve ? 1 << 20 : Steps::pages * 3 / 2);
	auto pool = KUNIT_ASSERT_VALUE(
		test, cxxnull::Pool::make(u64{ 16 } * Steps::pages * page, &limit));
	Steps steps{ *pool, limit, of_reserve };

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(Steps::run, &steps) == 0);
	KUNIT_EXPECT_TRUE(test, steps.seen.read() > 0);
}

} // namespace

static void large_extent_is_given_back_in_steps(struct kunit *test) KXX_MAY_SLEEP
{
	expect_steps(test, false);
}

static void kept_memory_is_given_back_in_steps(struct kunit *test) KXX_MAY_SLEEP
{
	expect_steps(test, true);
}

static void make_room_may_be_part_of_reclaim(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));

	kxx_test_fs_reclaim_acquire();
	KUNIT_EXPECT_TRUE(test, s->make_room());
	kxx_test_fs_reclaim_release();
}

static void page_in_a_writers_hands_is_not_a_full_store(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pool));

	memset(&b[0], 0x21, pool);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pool - page));
	{
		Store::Writer writer(*s, pool, page);

		/* The writer holds the last page and may still return it. */
		KUNIT_EXPECT_TRUE(test, writer.write(&b[0], 512));
		KUNIT_EXPECT_EQ(test, s->write(2 * pool, &b[0], 512).to_errno(), EAGAIN.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, write(*s, 2 * pool, &b[0], 512));
	KUNIT_EXPECT_EQ(test, write(*s, 3 * pool, &b[0], 512).to_errno(), ENOSPC.to_errno());
}

static void runs_of_other_cpus_are_not_lost_to_a_full_store(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 256;
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(pages * page));
	auto write_one = [](void *data) KXX_MAY_SLEEP {
		auto &s = *static_cast<Store *>(data);
		unsigned char byte = 0x43;

		static_cast<void>(write(s, raw_smp_processor_id() * page, &byte, 1));
	};
	unsigned int failed = 0;

	/* Each CPU takes a run (Pool::Run) and uses one page of it. */
	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(write_one, &*store) == 0);
	for (u64 i = kxx_test_nr_online_cpus(); i < pages; i++)
		failed += !write(*store, i * page, reinterpret_cast<const unsigned char *>("x"), 1);
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_EQ(test, store->pool().used(), pages);
}

static void discard_takes_time_for_what_is_there(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(64 << 20));
	unsigned char byte = 0x17;
	u64 far = 1ull << 50;

	KUNIT_EXPECT_TRUE(test, write(*s, far - 1, &byte, 1));
	KUNIT_EXPECT_TRUE(test, write(*s, far + page, &byte, 1));
	/* 2^38 pages are too many for a discard that may not sleep. */
	KUNIT_EXPECT_FALSE(test, s->discard_now(0, far + page));
	s->discard(0, far + page);
	KUNIT_EXPECT_EQ(test, others_than(0, *s, far - 1, 1), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x17, *s, far + page, 1), 0);
}

KXX_KUNIT_SUITE(kxx_kunit_store_memory, "cxxnull_store_memory",
		KXX_KUNIT_CASE(random_pages_take_little_more_memory_than_their_own),
		KXX_KUNIT_CASE(pages_in_a_row_take_hardly_more_memory_than_their_own),
		KXX_KUNIT_CASE(small_store_takes_no_memory_beyond_its_end),
		KXX_KUNIT_CASE(store_may_have_a_single_page),
		KXX_KUNIT_CASE(empty_store_of_up_to_16_gib_takes_less_than_1_mib),
		KXX_KUNIT_CASE(large_empty_store_takes_a_part_in_25000),
		KXX_KUNIT_CASE(store_beyond_what_a_number_can_say_is_refused),
		KXX_KUNIT_CASE(stores_share_one_limit),
		KXX_KUNIT_CASE(memory_that_a_store_keeps_is_another_ones),
		KXX_KUNIT_CASE(store_that_goes_leaves_nothing_in_the_limit),
		KXX_KUNIT_CASE(page_that_a_reader_has_is_not_handed_out_again),
		KXX_KUNIT_CASE(discard_leaves_no_empty_leaf),
		KXX_KUNIT_CASE(small_extents_are_handed_out_as_they_were_given_back),
		KXX_KUNIT_CASE(small_extents_are_not_kept_where_memory_is_short),
		KXX_KUNIT_CASE(few_pages_take_no_memory_together),
		KXX_KUNIT_CASE(large_write_takes_what_was_given_back_page_by_page),
		KXX_KUNIT_CASE(discard_of_all_finds_all_of_a_crowded_bucket),
		KXX_KUNIT_CASE(page_of_a_slower_writer_is_free_again),
		KXX_KUNIT_CASE(charge_that_is_undone_is_no_used_up_limit),
		KXX_KUNIT_CASE(memory_is_charged_once),
		KXX_KUNIT_CASE(pool_is_no_larger_than_its_limit),
		KXX_KUNIT_CASE(large_extent_is_given_back_in_steps),
		KXX_KUNIT_CASE(kept_memory_is_given_back_in_steps),
		KXX_KUNIT_CASE(make_room_may_be_part_of_reclaim),
		KXX_KUNIT_CASE(page_in_a_writers_hands_is_not_a_full_store),
		KXX_KUNIT_CASE(runs_of_other_cpus_are_not_lost_to_a_full_store),
		KXX_KUNIT_CASE(discard_takes_time_for_what_is_there));
