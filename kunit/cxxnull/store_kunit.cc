// SPDX-License-Identifier: GPL-2.0
/* store_kunit.cc - tests of src/cxxnull/store.hpp: data that was written and discarded */
#include <kxx/glue/sync/sched.h>

#include "../random.hpp"
#include "store.hpp"

using namespace kxx;
using namespace stores;

static void unwritten_reads_as_zero(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	unsigned int set = 0;

	memset(b->bytes, 0xff, page);
	s->read(page * 123456789, b->bytes, page);
	for (unsigned char byte : b->bytes)
		set += byte != 0;
	KUNIT_EXPECT_EQ(test, set, 0);
}

static void write_reads_back_and_leaves_the_rest_zero(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	unsigned char data[512];
	u64 offset = 77 * page + 1024;
	unsigned int wrong = 0;

	memset(data, 0xa5, sizeof(data));
	KUNIT_EXPECT_TRUE(test, s->write(offset, data, sizeof(data)));
	memset(b->bytes, 0xff, page);
	s->read(77 * page, b->bytes, page);
	for (unsigned int i = 0; i < page; i++)
		wrong += b->bytes[i] != (i >= 1024 && i < 1536 ? 0xa5 : 0);
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

static void full_store_is_enospc_and_keeps_what_it_has(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	unsigned char data[1];

	for (u64 i = 0; i < pool / page; i++) {
		data[0] = static_cast<unsigned char>(i);
		KUNIT_EXPECT_TRUE(test, s->write(i * 1000 * page, data, 1));
	}
	KUNIT_EXPECT_EQ(test, s->write(page, data, 1).to_errno(), ENOSPC.to_errno());
	for (u64 i = 0; i < pool / page; i++) {
		s->read(i * 1000 * page, data, 1);
		KUNIT_EXPECT_EQ(test, data[0], i);
	}
	/* An existing page can still be overwritten. */
	KUNIT_EXPECT_TRUE(test, s->write(0, data, 1));
}

static void full_store_takes_what_was_discarded(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pool));

	memset(&b[0], 0x11, pool);
	KUNIT_EXPECT_TRUE(test, s->write(0, &b[0], pool));
	KUNIT_EXPECT_EQ(test, write(*s, pool, &b[0], 1).to_errno(), ENOSPC.to_errno());
	for (u64 i = 0; i < 100; i++) {
		u64 at = i % 2 ? 0 : pool;

		s->discard(pool - at, pool);
		KUNIT_EXPECT_TRUE(test, write(*s, at, &b[0], pool));
	}
	KUNIT_EXPECT_EQ(test, s->pool().used(), pool / page);
}

static void large_write_is_one_extent(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 size = 1 << 20;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(4 * size));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, size));

	KUNIT_EXPECT_TRUE(test, write(*s, 5 * page, &b[0], size));
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 1);
	KUNIT_EXPECT_EQ(test, s->pool().used(), size / page);
}

static void write_in_parts_is_one_extent(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 size = 1 << 20;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(4 * size));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, 1024));
	unsigned int right = 0;

	{
		Store::Writer writer(*s, 100, size);

		for (u64 at = 0; at < size; at += 1024) {
			memset(&b[0], static_cast<int>(at >> 10), 1024);
			KUNIT_EXPECT_TRUE(test, writer.write(&b[0], 1024));
		}
	}
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 1);
	for (u64 at = 0; at < size; at += 1024) {
		s->read(100 + at, &b[0], 1024);
		right += b[0] == static_cast<unsigned char>(at >> 10) && b[1023] == b[0];
	}
	KUNIT_EXPECT_EQ(test, right, size >> 10);
}

static void abandoned_write_leaves_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(64 * page));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));

	memset(b->bytes, 0x77, page);
	{
		Store::Writer writer(*s, 0, 32 * page);

		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, page));
	}
	KUNIT_EXPECT_EQ(test, s->pool().used(), 0);
	s->read(0, b->bytes, page);
	KUNIT_EXPECT_EQ(test, b->bytes[0], 0);
}

static void discard_splits_extents(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 256;
	/* Large enough that the pool cuts the extent from its node. */
	static constexpr u64 part = 32;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(2 * pages * page));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pages * page));
	unsigned int wrong = 0;

	memset(&b[0], 0x33, pages * page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pages * page));
	/* Discard the middle, which splits the node, then the start and the end. */
	s->discard(96 * page, part * page);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 2);
	s->discard(0, part * page);
	s->discard((pages - part) * page, part * page);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 2);
	KUNIT_EXPECT_EQ(test, s->pool().used(), pages - 3 * part);
	s->read(0, &b[0], pages * page);
	for (u64 i = 0; i < pages; i++) {
		bool there = i >= part && i < pages - part && (i < 96 || i >= 96 + part);

		for (u64 j = 0; j < page; j++)
			wrong += b[i * page + j] != (there ? 0x33 : 0);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	/* Discard both remaining extents, and beyond. */
	s->discard(0, 1 << 30);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 0);
	KUNIT_EXPECT_EQ(test, s->pool().used(), 0);
}

static void part_of_a_page_is_discarded_to_zeroes(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pool));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, 4 * page));
	unsigned int wrong = 0;

	memset(&b[0], 0x44, 4 * page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], 4 * page));
	s->discard(512, 512);
	s->discard(page + 1024, 2 * page);
	s->read(0, &b[0], 4 * page);
	for (u64 i = 0; i < 4 * page; i++) {
		bool gone = (i >= 512 && i < 1024) || (i >= page + 1024 && i < 3 * page + 1024);

		wrong += b[i] != (gone ? 0 : 0x44);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().used(), 3);
}

static void no_byte_of_what_was_there_before_is_seen(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 64;
	auto s = KUNIT_ASSERT_VALUE(test, Store::make(pages * page));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, pages * page));
	unsigned int wrong = 0;

	/* Fill all memory of the pool with 0xee and discard it. */
	memset(&b[0], 0xee, pages * page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pages * page));
	s->discard(0, pages * page);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().used(), 0);
	for (u64 i = 0; i < pages; i++)
		KUNIT_EXPECT_TRUE(test, write(*s, i * page + i * 60, &b[0], 3));
	s->read(0, &b[0], pages * page);
	for (u64 i = 0; i < pages * page; i++) {
		u64 within = i % page, written = i / page * 60;

		wrong += b[i] != (within >= written && within < written + 3 ? 0xee : 0);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
}

namespace {

/* Makes a store with all its memory filled with 0xee and free. */
Result<Box<Store>> make_poisoned(u64 pages) KXX_MAY_SLEEP
{
	auto store = KXX_TRY(Store::make(pages * page));
	auto bytes = KXX_TRY(Bytes::make(GFP_KERNEL, pages * page));

	memset(&bytes[0], 0xee, pages * page);
	KXX_TRY(write(*store, 0, &bytes[0], pages * page));
	store->discard(0, pages * page);
	settle(*store);
	return store;
}

} // namespace

static void page_discarded_within_a_write_is_zero_before_the_rest(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, make_poisoned(8));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));

	memset(b->bytes, 0x55, page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, b->bytes, page));
	{
		Store::Writer writer(*s, 0, 1024);

		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 512));
		KUNIT_EXPECT_TRUE(test, s->discard_now(0, page));
		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 512));
	}
	KUNIT_EXPECT_EQ(test, others_than(0, *s, 0, 512), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x55, *s, 512, 512), 0);
	KUNIT_EXPECT_EQ(test, others_than(0, *s, 1024, page - 1024), 0);
}

static void slower_writer_of_a_page_changes_no_byte_but_its_own(struct kunit *test) KXX_MAY_SLEEP
{
	auto s = KUNIT_ASSERT_VALUE(test, make_poisoned(8));
	auto b = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));
	auto o = KUNIT_ASSERT_VALUE(test, Box<Buffer>::make(GFP_KERNEL));

	memset(b->bytes, 0x55, page);
	memset(o->bytes, 0x66, page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, b->bytes, page));
	{
		Store::Writer writer(*s, 0, 1024);

		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 512));
		KUNIT_EXPECT_TRUE(test, s->discard_now(0, page));
		/* This part goes to a fresh page, which is not yet visible to readers. */
		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 256));
		KUNIT_EXPECT_TRUE(test, s->write(0, o->bytes, page));
		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 256));
	}
	KUNIT_EXPECT_EQ(test, others_than(0x66, *s, 0, 512), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x55, *s, 512, 512), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x66, *s, 1024, page - 1024), 0);
}

/* Compares random writes and discards with an array. */
static void random_work_is_as_on_an_array(struct kunit *test) KXX_MAY_SLEEP
{
	/* Larger than the pool, so that the pool is full at times. */
	static constexpr u64 size = 160 * page;
	static constexpr u64 most = 40 * page;
	auto a = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, size));
	auto b = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, size));
	auto d = KUNIT_ASSERT_VALUE(test, Bytes::make(GFP_KERNEL, most));

	for (u64 seed = 1; seed <= 4; seed++) {
		auto s = KUNIT_ASSERT_VALUE(test, Store::make(128 * page));
		Random random(seed);
		unsigned int wrong = 0, refused = 0, failed = 0;

		memset(&a[0], 0, size);
		for (unsigned int round = 0; round < 400; round++) {
			u64 offset = random.below(size);
			u64 n = 1 + random.below(random.one_in(2) ? most : page);

			if (random.one_in(2)) {
				offset &= ~(page - 1);
				n = (n + page - 1) & ~(page - 1);
			}
			if (n > size - offset)
				n = size - offset;
			if (random.one_in(3)) {
				s->discard(offset, n);
				memset(&a[offset], 0, n);
			} else {
				memset(&d[0], static_cast<int>(random.next() | 1), n);

				auto written = write(*s, offset, &d[0], n);

				if (written) {
					memcpy(&a[offset], &d[0], n);
				} else {
					refused++;
					failed += written.error() != ENOSPC;
					/* Each byte must be either old or new. */
					s->read(offset, &b[0], n);
					for (u64 i = 0; i < n; i++)
						wrong += b[i] != a[offset + i] && b[i] != d[i];
					memcpy(&a[offset], &b[0], n);
				}
			}
			offset = random.below(size);
			n = 1 + random.below(size - offset);
			s->read(offset, &b[0], n);
			for (u64 i = 0; i < n; i++)
				wrong += b[i] != a[offset + i];
			kxx_cond_resched();
		}
		KUNIT_EXPECT_EQ(test, wrong, 0);
		KUNIT_EXPECT_EQ(test, failed, 0);
		KUNIT_EXPECT_TRUE(test, refused > 0 && refused < 300);
		s->discard(0, size);
		settle(*s);
		/* The runs of the CPUs (Pool::Run) still count as used. */
		KUNIT_EXPECT_TRUE(test, s->pool().used() <= 128 / 8);
	}
}

namespace {

/*
 * Writes words that contain the number of their page; a reader must never find another number. A
 * word is written and read as a whole.
 */
struct Race {
	static constexpr u64 pages = 48;
	static constexpr unsigned int rounds = 2000;

	Store &store;
	int wrong, failed;

	static u64 word(u64 index, u64 by) { return (index + 1) << 32 | by | 1; }

	void run(u64 seed) KXX_MAY_SLEEP
	{
		auto buffer = Bytes::make(GFP_KERNEL, 8 * page);

		if (!buffer)
			return;

		Bytes b = std::move(buffer).value();
		Random random(seed);

		for (unsigned int i = 0; i < rounds; i++) {
			u64 index = random.below(pages - 8);
			u64 n = 1 + random.below(8);

			if (random.one_in(3)) {
				store.discard(index * page, n * page);
			} else if (random.one_in(2)) {
				write_pages(&b[0], index, n, random.next() & 0xffff);
			} else {
				store.read(index * page, &b[0], n * page);
				check_pages(&b[0], index, n);
			}
			kxx_cond_resched();
		}
	}

private:
	static u64 *words(unsigned char *bytes) { return reinterpret_cast<u64 *>(bytes); }

	void write_pages(unsigned char *bytes, u64 index, u64 n, u64 by) KXX_MAY_SLEEP
	{
		for (u64 i = 0; i < n * page / 8; i++)
			words(bytes)[i] = word(index + i * 8 / page, by);

		auto written = write(store, index * page, bytes, n * page);

		if (!written && written.error() != ENOSPC)
			__atomic_fetch_add(&failed, 1, __ATOMIC_RELAXED);
	}

	void check_pages(unsigned char *bytes, u64 index, u64 n)
	{
		int found = 0;

		for (u64 i = 0; i < n * page / 8; i++) {
			u64 w = words(bytes)[i];

			found += w && w >> 32 != index + i * 8 / page + 1;
		}
		__atomic_fetch_add(&wrong, found, __ATOMIC_RELAXED);
	}
};

} // namespace

static void
nobody_sees_another_page_while_all_cpus_write_and_discard(struct kunit *test) KXX_MAY_SLEEP
{
	/* Smaller than the disk, so that discarded pages are reused soon. */
	auto store = KUNIT_ASSERT_VALUE(test, Store::make((Race::pages - 8) * page));
	Race race{ *store, 0, 0 };
	auto run = [](void *data) KXX_MAY_SLEEP {
		auto &race = *static_cast<Race *>(data);

		race.run(reinterpret_cast<unsigned long>(&data) | 1);
	};

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(run, &race) == 0);
	KUNIT_EXPECT_EQ(test, race.wrong, 0);
	KUNIT_EXPECT_EQ(test, race.failed, 0);
	store->discard(0, Race::pages * page);
	settle(*store);
	KUNIT_EXPECT_TRUE(test, store->pool().used() <= Race::pages / 8);
}

namespace {

/* The CPUs share a pool that has exactly the pages that they use together. */
struct Crowd {
	static constexpr u64 share = 32;
	static constexpr unsigned int rounds = 1000;

	Store &store;
	int failed;

	void run(u64 cpu) KXX_MAY_SLEEP
	{
		unsigned char byte = 0x66;
		Random random(cpu + 1);
		int failures = 0;

		for (u64 i = 0; i < rounds; i++) {
			u64 n = 1 + random.below(8);
			u64 first = cpu * share + random.below(share - n + 1);

			/* The first round fills the whole part of this CPU. */
			if (!i) {
				n = share;
				first = cpu * share;
			}
			store.discard(first * page, n * page);
			for (u64 j = first; j < first + n; j++)
				failures += !write(store, j * page, &byte, 1);
			kxx_cond_resched();
		}
		__atomic_fetch_add(&failed, failures, __ATOMIC_RELAXED);
	}
};

} // namespace

static void pool_is_full_only_if_all_its_pages_are_in_use(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = KUNIT_ASSERT_VALUE(
		test, Store::make(kxx_test_nr_online_cpus() * Crowd::share * page));
	Crowd crowd{ *store, 0 };
	auto run = [](void *data) KXX_MAY_SLEEP {
		static_cast<Crowd *>(data)->run(raw_smp_processor_id());
	};

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(run, &crowd) == 0);
	KUNIT_EXPECT_EQ(test, crowd.failed, 0);
	KUNIT_EXPECT_EQ(test, store->pool().used(), kxx_test_nr_online_cpus() * Crowd::share);
}

static void writers_on_all_cpus_lose_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 512;
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(pages * page));

	/* All CPUs write to the same pages; the store must have each page once. */
	auto write_all = [](void *data) KXX_MAY_SLEEP {
		auto &s = *static_cast<Store *>(data);
		unsigned char byte = 0x42;

		for (u64 i = 0; i < pages; i++)
			if (!s.write(i * page + i, &byte, 1))
				return;
	};
	unsigned int right = 0;

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(write_all, &*store) == 0);
	for (u64 i = 0; i < pages; i++) {
		unsigned char byte;

		store->read(i * page + i, &byte, 1);
		right += byte == 0x42;
	}
	KUNIT_EXPECT_EQ(test, right, pages);
}

KXX_KUNIT_SUITE(kxx_kunit_store, "cxxnull_store", KXX_KUNIT_CASE(unwritten_reads_as_zero),
		KXX_KUNIT_CASE(write_reads_back_and_leaves_the_rest_zero),
		KXX_KUNIT_CASE(full_store_is_enospc_and_keeps_what_it_has),
		KXX_KUNIT_CASE(full_store_takes_what_was_discarded),
		KXX_KUNIT_CASE(large_write_is_one_extent),
		KXX_KUNIT_CASE(write_in_parts_is_one_extent),
		KXX_KUNIT_CASE(abandoned_write_leaves_nothing),
		KXX_KUNIT_CASE(discard_splits_extents),
		KXX_KUNIT_CASE(part_of_a_page_is_discarded_to_zeroes),
		KXX_KUNIT_CASE(no_byte_of_what_was_there_before_is_seen),
		KXX_KUNIT_CASE(page_discarded_within_a_write_is_zero_before_the_rest),
		KXX_KUNIT_CASE(slower_writer_of_a_page_changes_no_byte_but_its_own),
		KXX_KUNIT_CASE(random_work_is_as_on_an_array),
		KXX_KUNIT_CASE(writers_on_all_cpus_lose_nothing),
		KXX_KUNIT_CASE(nobody_sees_another_page_while_all_cpus_write_and_discard),
		KXX_KUNIT_CASE(pool_is_full_only_if_all_its_pages_are_in_use));
