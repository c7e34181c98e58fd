// SPDX-License-Identifier: GPL-2.0
/* store.cc - the driver's ../src/cxxnull/store.hpp */
#include "../src/cxxnull/store.hpp"

#include <kxx/string.hpp>

#include "kunit.hpp"
#include "testlib.h"

using namespace kxx;
using cxxnull::Store;

namespace {

constexpr u64 page = KXX_PAGE_SIZE;
/* What a store of the least size holds. */
constexpr u64 pool = 8 * page;

struct Buffer {
	unsigned char bytes[page] = {};
};

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
		KXX_KUNIT_CASE(writers_on_all_cpus_lose_nothing));
