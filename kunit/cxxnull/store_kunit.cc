// SPDX-License-Identifier: GPL-2.0
/* store_kunit.cc - the driver's ../src/cxxnull/store.hpp */
#include "../../src/cxxnull/store.hpp"

#include <kxx/base/string.hpp>

#include <kxx/glue/sync/sched.h>

#include "../kunit.hpp"
#include "../random.hpp"
#include "../testlib.h"

using namespace kxx;
using cxxnull::PageLimit;
using cxxnull::Store;

namespace {

constexpr u64 page = KXX_PAGE_SIZE;
/* What a store of the least size holds. */
constexpr u64 pool = 8 * page;

struct Buffer {
	unsigned char bytes[page] = {};
};

using Bytes = Box<unsigned char[]>;

/*
 * As the driver writes: what cannot be done at once is done where it may sleep. -EAGAIN is
 * for what the driver would try for ever.
 */
Result<void> write(Store &store, u64 offset, const unsigned char *from, u64 size) KXX_MAY_SLEEP
{
	for (unsigned int i = 0; i < 200; i++) {
		auto written = store.write(offset, from, size);

		if (written || written.error() != EAGAIN)
			return written;
		KXX_TRY(store.make_room());
	}
	return EAGAIN;
}

/* Waits until what was discarded is free again. */
void settle(Store &store) KXX_MAY_SLEEP
{
	while (store.pool().has_retired())
		kxx_test_msleep(1);
}

} // namespace

static void unwritten_reads_as_zero(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();
	unsigned int set = 0;

	memset(b->bytes, 0xff, page);
	s->read(page * 123456789, b->bytes, page);
	for (unsigned char byte : b->bytes)
		set += byte != 0;
	KUNIT_EXPECT_EQ(test, set, 0);
}

static void write_reads_back_and_leaves_the_rest_zero(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();
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
	auto store = Store::make(pool);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();
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
	/* What is there can still be written over. */
	KUNIT_EXPECT_TRUE(test, s->write(0, data, 1));
}

static void full_store_takes_what_was_discarded(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Bytes::make(GFP_KERNEL, pool);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();

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
	auto store = Store::make(4 * size);
	auto buffer = Bytes::make(GFP_KERNEL, size);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();

	KUNIT_EXPECT_TRUE(test, write(*s, 5 * page, &b[0], size));
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 1);
	KUNIT_EXPECT_EQ(test, s->pool().used(), size / page);
}

static void write_in_parts_is_one_extent(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 size = 1 << 20;
	auto store = Store::make(4 * size);
	auto buffer = Bytes::make(GFP_KERNEL, 1024);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();
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
	auto store = Store::make(64 * page);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();

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
	auto store = Store::make(2 * pages * page);
	auto buffer = Bytes::make(GFP_KERNEL, pages * page);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();
	unsigned int wrong = 0;

	memset(&b[0], 0x33, pages * page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pages * page));
	/* From the middle, from the start, from the end. */
	s->discard(100 * page, 10 * page);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 2);
	s->discard(0, 20 * page);
	s->discard((pages - 20) * page, 20 * page);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 2);
	KUNIT_EXPECT_EQ(test, s->pool().used(), pages - 50);
	s->read(0, &b[0], pages * page);
	for (u64 i = 0; i < pages; i++) {
		bool there = i >= 20 && i < pages - 20 && (i < 100 || i >= 110);

		for (u64 j = 0; j < page; j++)
			wrong += b[i * page + j] != (there ? 0x33 : 0);
	}
	KUNIT_EXPECT_EQ(test, wrong, 0);
	/* Across both that are left, and more. */
	s->discard(0, 1 << 30);
	settle(*s);
	KUNIT_EXPECT_EQ(test, s->pool().nodes(), 0);
	KUNIT_EXPECT_EQ(test, s->pool().used(), 0);
}

static void part_of_a_page_is_discarded_to_zeroes(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Bytes::make(GFP_KERNEL, 4 * page);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();
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
	auto store = Store::make(pages * page);
	auto buffer = Bytes::make(GFP_KERNEL, pages * page);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();
	unsigned int wrong = 0;

	/* All of the pool's memory is poisoned, and free again. */
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

/* A store all of whose memory holds 0xee, and is free. */
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

/* How many of the bytes at @offset are not @byte. */
unsigned int others_than(int byte, Store &store, u64 offset, u64 size)
{
	unsigned int others = 0;

	for (u64 i = 0; i < size; i++) {
		unsigned char read = 0;

		store.read(offset + i, &read, 1);
		others += read != byte;
	}
	return others;
}

} // namespace

static void page_discarded_within_a_write_is_zero_before_the_rest(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = make_poisoned(8);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();

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
	auto store = make_poisoned(8);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);
	auto other = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);
	KUNIT_ASSERT_TRUE(test, other);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();
	Box<Buffer> o = std::move(other).value();

	memset(b->bytes, 0x55, page);
	memset(o->bytes, 0x66, page);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, b->bytes, page));
	{
		Store::Writer writer(*s, 0, 1024);

		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 512));
		KUNIT_EXPECT_TRUE(test, s->discard_now(0, page));
		/* Goes to a page that nobody sees before the write is complete. */
		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 256));
		KUNIT_EXPECT_TRUE(test, s->write(0, o->bytes, page));
		KUNIT_EXPECT_TRUE(test, writer.write(b->bytes, 256));
	}
	KUNIT_EXPECT_EQ(test, others_than(0x66, *s, 0, 512), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x55, *s, 512, 512), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x66, *s, 1024, page - 1024), 0);
}

/* Against an array: what is there, what is written, discarded, and refused. */
static void random_work_is_as_on_an_array(struct kunit *test) KXX_MAY_SLEEP
{
	/* More than the pool, so that it is full now and then. */
	static constexpr u64 size = 160 * page;
	static constexpr u64 most = 40 * page;

	auto array = Bytes::make(GFP_KERNEL, size);
	auto buffer = Bytes::make(GFP_KERNEL, size);
	auto data = Bytes::make(GFP_KERNEL, most);

	KUNIT_ASSERT_TRUE(test, array);
	KUNIT_ASSERT_TRUE(test, buffer);
	KUNIT_ASSERT_TRUE(test, data);

	Bytes a = std::move(array).value();
	Bytes b = std::move(buffer).value();
	Bytes d = std::move(data).value();

	for (u64 seed = 1; seed <= 4; seed++) {
		auto store = Store::make(128 * page);

		KUNIT_ASSERT_TRUE(test, store);

		Box<Store> s = std::move(store).value();
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
					/* Each byte is what it was, or what was to be written. */
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
		/* But for what the CPUs have in reserve. */
		KUNIT_EXPECT_TRUE(test, s->pool().used() <= 128 / 8);
	}
}

static void random_pages_take_little_more_memory_than_their_own(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 4096;
	auto store = Store::make(4 * pages * page);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();
	Random random(7);
	unsigned int failed = 0;

	/* On a disk so large that hardly two are near each other. */
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
	auto store = Store::make(4 * pages * page);
	auto buffer = Box<Buffer>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Box<Buffer> b = std::move(buffer).value();
	unsigned int failed = 0;

	for (u64 i = 0; i < pages; i++) {
		failed += !write(*s, i * page, b->bytes, page);
		kxx_cond_resched();
	}
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_TRUE(test, s->memory() * 100 <= pages * page * 103);
	/*
	 * And give it back, but for what is kept in reserve. Where memory is short, a work
	 * does that, node by node.
	 */
	s->discard(0, pages * page);
	for (int i = 0; i < 500 && s->memory() > 4 * pages * page / 7; i++) {
		settle(*s);
		kxx_test_msleep(10);
	}
	KUNIT_EXPECT_TRUE(test, s->memory() <= 4 * pages * page / 7);
}

static void empty_store_takes_hardly_any_memory(struct kunit *test) KXX_MAY_SLEEP
{
	/* 12 GiB and 1 TiB. */
	for (u64 size : { 12ull << 30, 1ull << 40 }) {
		auto store = Store::make(size);

		KUNIT_ASSERT_TRUE(test, store);
		KUNIT_EXPECT_TRUE(test, Box<Store>(std::move(store).value())->memory() <=
						(size >> 14) + (1 << 20));
	}
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
	auto one = Store::make(1 << 30, &limit);
	auto other = Store::make(1 << 30, &limit);
	auto buffer = Bytes::make(GFP_KERNEL, most * page);

	KUNIT_ASSERT_TRUE(test, one && other);
	KUNIT_ASSERT_TRUE(test, buffer);

	Bytes b = std::move(buffer).value();
	Box<Store> second = std::move(other).value();

	{
		Box<Store> first = std::move(one).value();

		memset(&b[0], 0x12, most * page);
		KUNIT_EXPECT_TRUE(test, write(*first, 0, &b[0], most / 2 * page));
		KUNIT_EXPECT_EQ(test, write(*second, 0, &b[0], most * page).to_errno(),
				ENOSPC.to_errno());
		KUNIT_EXPECT_TRUE(test, limit.used() <= most);
		KUNIT_EXPECT_EQ(test, others_than(0x12, *first, 0, most / 2 * page), 0);
		/* What the one gives back is the other's. */
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
	auto one = Store::make(1 << 30, &limit);
	auto other = Store::make(1 << 30, &limit);
	auto buffer = Bytes::make(GFP_KERNEL, most * page);

	KUNIT_ASSERT_TRUE(test, one && other);
	KUNIT_ASSERT_TRUE(test, buffer);

	Bytes b = std::move(buffer).value();
	Box<Store> first = std::move(one).value();
	Box<Store> second = std::move(other).value();

	KUNIT_EXPECT_TRUE(test, write(*first, 0, &b[0], most / 4 * page));
	KUNIT_EXPECT_TRUE(test, write(*first, most * page, &b[0], 1));
	first->discard(0, most / 4 * page);
	settle(*first);
	/* For its next writes; and the CPU has more of a group than is written. */
	KUNIT_EXPECT_TRUE(test, limit.used() > 1);
	KUNIT_EXPECT_EQ(test, write(*second, 0, &b[0], (most - 1) * page).to_errno(), 0);
	KUNIT_EXPECT_EQ(test, limit.used(), most);
	KUNIT_EXPECT_EQ(test, write(*second, most * page, &b[0], 1).to_errno(), ENOSPC.to_errno());
}

static void store_that_goes_leaves_nothing_in_the_limit(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u32 most = 64;
	PageLimit limit(most);
	auto buffer = Bytes::make(GFP_KERNEL, most * page);

	KUNIT_ASSERT_TRUE(test, buffer);

	Bytes b = std::move(buffer).value();

	/* As often as it takes to go before the grace period is over. */
	for (unsigned int i = 0; i < 50; i++) {
		auto store = Store::make(1 << 30, &limit);

		KUNIT_ASSERT_TRUE(test, store);

		Box<Store> s = std::move(store).value();

		KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], most * page));
		s->discard(0, most * page);
	}
	KUNIT_EXPECT_EQ(test, limit.used(), 0);

	/* Nor is one of them asked for what it has kept. */
	auto store = Store::make(1 << 30, &limit);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], most * page));
	KUNIT_EXPECT_EQ(test, s->make_room().to_errno(), ENOSPC.to_errno());
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), most);
}

static void page_that_a_reader_has_is_not_handed_out_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Bytes::make(GFP_KERNEL, pool);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pool));
	{
		rcu::ReadLock reader;

		KUNIT_EXPECT_TRUE(test, s->discard_now(0, pool));
		/* The first begins a grace period, which lasts as long as the reader. */
		for (unsigned int i = 0; i < 3; i++)
			KUNIT_EXPECT_EQ(test, s->write(2 * pool, &b[0], page).to_errno(),
					EAGAIN.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, write(*s, 2 * pool, &b[0], pool));
}

static void discard_leaves_no_empty_leaf(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 64;
	auto store = Store::make(pages * page);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();
	unsigned char byte = 0x29;
	u64 first = 0;

	/* Each page in a leaf of its own, again and again at other places. */
	for (u64 round = 0; round < 40; round++) {
		for (u64 i = 0; i < pages / 2; i++) {
			KUNIT_EXPECT_TRUE(test, write(*s, (round * pages + i) << 24, &byte, 1));
			s->discard((round * pages + i) << 24, page);
		}
		settle(*s);
		if (!round)
			first = s->memory();
	}
	/* Nodes and kept pages differ a little; leaves would be 200 KiB. */
	KUNIT_EXPECT_TRUE(test, s->memory() < first + 16 * page);
}

static void discard_of_all_finds_all_of_a_crowded_bucket(struct kunit *test) KXX_MAY_SLEEP
{
	/* Multiples of a large Fibonacci number: buckets by the golden ratio are next to none. */
	static constexpr u64 leaves_apart = 1548008755920;
	static constexpr u64 apart = leaves_apart * 16 * page;
	static constexpr u64 pages = 40;
	auto store = Store::make(64 * page);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();
	unsigned char byte = 0x2a;

	for (u64 i = 1; i <= pages; i++)
		KUNIT_EXPECT_TRUE(test, write(*s, i * apart, &byte, 1));
	s->discard(0, 1ull << 63);
	for (u64 i = 1; i <= pages; i++)
		KUNIT_EXPECT_EQ(test, others_than(0, *s, i * apart, 1), 0);
}

static void page_of_a_slower_writer_is_free_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Bytes::make(GFP_KERNEL, pool);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();

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
	auto store = Store::make(1 << 30, &limit);
	auto buffer = Bytes::make(GFP_KERNEL, most * page);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();

	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], (most - 1) * page));
	limit.release_reserves();
	KUNIT_ASSERT_TRUE(test, limit.used() == most - 1);
	/* As a writer does that then gets no memory. */
	KUNIT_EXPECT_TRUE(test, limit.charge(1));
	KUNIT_EXPECT_TRUE(test, limit.is_reached());
	KUNIT_EXPECT_TRUE(test, s->make_room());
	limit.uncharge(1);
	KUNIT_EXPECT_TRUE(test, write(*s, (most - 1) * page, &b[0], page));
	KUNIT_EXPECT_EQ(test, s->make_room().to_errno(), ENOSPC.to_errno());
}

static void pool_is_no_larger_than_its_limit(struct kunit *test) KXX_MAY_SLEEP
{
	PageLimit limit(1000);
	auto store = Store::make(1ull << 40, &limit);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();

	KUNIT_EXPECT_EQ(test, s->pool().pages(), 1000);
	KUNIT_EXPECT_TRUE(test, s->memory() < 64 << 10);
}

namespace {

/*
 * One CPU gives many pages back, again and again; the others look at the pool, which they
 * can do in between only if its lock is not held for the whole.
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
			rcu::ReadLock lock;
			auto extent = pool.allocate(pages);

			if (!extent)
				return;
			if (!of_reserve)
				is_releasing.set(1);
			pool.free(cxxnull::Extent(std::move(extent).value()));
		}
		if (of_reserve) {
			is_releasing.set(1);
			limit.release_reserves();
		}
		is_releasing.set(0);
		if (!of_reserve)
			limit.release_reserves();
	}

	void look() KXX_MAY_SLEEP
	{
		while (!is_done.read()) {
			if (is_releasing.read()) {
				bool between = of_reserve ? is_partly_backed() : is_partly_used();

				if (between && is_releasing.read())
					seen.inc();
			}
			kxx_cond_resched();
		}
	}

	bool is_partly_used()
	{
		u32 used = pool.used();

		return used > 0 && used < pages;
	}
	/* Tables and nodes are far below a quarter of the pages. */
	bool is_partly_backed()
	{
		u64 memory = pool.memory();

		return memory > empty + pages * page / 8 && memory < empty + pages * page * 7 / 8;
	}
};

void expect_steps(struct kunit *test, bool of_reserve) KXX_MAY_SLEEP
{
	PageLimit limit(1 << 20);
	auto made = cxxnull::Pool::make(16 * Steps::pages * page, &limit);

	KUNIT_ASSERT_TRUE(test, made);

	Box<cxxnull::Pool> pool = std::move(made).value();
	Steps steps{ *pool, limit, of_reserve };

	if (kxx_test_nr_online_cpus() < 2)
		return;
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
	auto store = Store::make(pool);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();

	kxx_test_fs_reclaim_acquire();
	KUNIT_EXPECT_TRUE(test, s->make_room());
	kxx_test_fs_reclaim_release();
}

static void page_in_a_writers_hands_is_not_a_full_store(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(pool);
	auto buffer = Bytes::make(GFP_KERNEL, pool);

	KUNIT_ASSERT_TRUE(test, store && buffer);

	Box<Store> s = std::move(store).value();
	Bytes b = std::move(buffer).value();

	memset(&b[0], 0x21, pool);
	KUNIT_EXPECT_TRUE(test, write(*s, 0, &b[0], pool - page));
	{
		Store::Writer writer(*s, pool, page);

		/* Has the last page, and may yet give it back. */
		KUNIT_EXPECT_TRUE(test, writer.write(&b[0], 512));
		KUNIT_EXPECT_EQ(test, s->write(2 * pool, &b[0], 512).to_errno(), EAGAIN.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, write(*s, 2 * pool, &b[0], 512));
	KUNIT_EXPECT_EQ(test, write(*s, 3 * pool, &b[0], 512).to_errno(), ENOSPC.to_errno());
}

static void runs_of_other_cpus_are_not_lost_to_a_full_store(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 256;
	auto made = Store::make(pages * page);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Store> store = std::move(made).value();
	auto write_one = [](void *data) KXX_MAY_SLEEP {
		auto &s = *static_cast<Store *>(data);
		unsigned char byte = 0x43;

		static_cast<void>(write(s, raw_smp_processor_id() * page, &byte, 1));
	};
	unsigned int failed = 0;

	/* Each CPU takes a run, and uses one page of it. */
	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(write_one, &*store) == 0);
	for (u64 i = kxx_test_nr_online_cpus(); i < pages; i++)
		failed += !write(*store, i * page, reinterpret_cast<const unsigned char *>("x"), 1);
	KUNIT_EXPECT_EQ(test, failed, 0);
	KUNIT_EXPECT_EQ(test, store->pool().used(), pages);
}

static void discard_takes_time_for_what_is_there(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = Store::make(64 << 20);

	KUNIT_ASSERT_TRUE(test, store);

	Box<Store> s = std::move(store).value();
	unsigned char byte = 0x17;
	u64 far = 1ull << 50;

	KUNIT_EXPECT_TRUE(test, write(*s, far - 1, &byte, 1));
	KUNIT_EXPECT_TRUE(test, write(*s, far + page, &byte, 1));
	/* Too much for now: 2^38 pages. */
	KUNIT_EXPECT_FALSE(test, s->discard_now(0, far + page));
	s->discard(0, far + page);
	KUNIT_EXPECT_EQ(test, others_than(0, *s, far - 1, 1), 0);
	KUNIT_EXPECT_EQ(test, others_than(0x17, *s, far + page, 1), 0);
}

namespace {

/* Each word that is written says which page it is of; a word is never torn. */
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
	/* Less than the disk: what is discarded is used again at once. */
	auto made = Store::make((Race::pages - 8) * page);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Store> store = std::move(made).value();
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

static void writers_on_all_cpus_lose_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 512;
	auto made = Store::make(pages * page);

	KUNIT_ASSERT_TRUE(test, made);

	Box<Store> store = std::move(made).value();
	/* All CPUs race for every page; whoever is first, the others must use the same. */
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
		KXX_KUNIT_CASE(random_pages_take_little_more_memory_than_their_own),
		KXX_KUNIT_CASE(pages_in_a_row_take_hardly_more_memory_than_their_own),
		KXX_KUNIT_CASE(empty_store_takes_hardly_any_memory),
		KXX_KUNIT_CASE(store_beyond_what_a_number_can_say_is_refused),
		KXX_KUNIT_CASE(stores_share_one_limit),
		KXX_KUNIT_CASE(memory_that_a_store_keeps_is_another_ones),
		KXX_KUNIT_CASE(store_that_goes_leaves_nothing_in_the_limit),
		KXX_KUNIT_CASE(page_that_a_reader_has_is_not_handed_out_again),
		KXX_KUNIT_CASE(discard_leaves_no_empty_leaf),
		KXX_KUNIT_CASE(discard_of_all_finds_all_of_a_crowded_bucket),
		KXX_KUNIT_CASE(page_of_a_slower_writer_is_free_again),
		KXX_KUNIT_CASE(charge_that_is_undone_is_no_used_up_limit),
		KXX_KUNIT_CASE(pool_is_no_larger_than_its_limit),
		KXX_KUNIT_CASE(large_extent_is_given_back_in_steps),
		KXX_KUNIT_CASE(kept_memory_is_given_back_in_steps),
		KXX_KUNIT_CASE(make_room_may_be_part_of_reclaim),
		KXX_KUNIT_CASE(page_in_a_writers_hands_is_not_a_full_store),
		KXX_KUNIT_CASE(runs_of_other_cpus_are_not_lost_to_a_full_store),
		KXX_KUNIT_CASE(discard_takes_time_for_what_is_there),
		KXX_KUNIT_CASE(writers_on_all_cpus_lose_nothing),
		KXX_KUNIT_CASE(nobody_sees_another_page_while_all_cpus_write_and_discard));
