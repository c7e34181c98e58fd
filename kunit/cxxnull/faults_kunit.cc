// SPDX-License-Identifier: GPL-2.0
/*
 * faults_kunit.cc - tests of the driver with each of its allocations failing in turn
 *
 * Needs failslab and fail_page_alloc to fail allocations that may sleep: ignore-gfp-wait=N in
 * debugfs. The suite cxxnull_nowait_faults needs them to fail each allocation that may not sleep,
 * of some tasks: probability=100, times=-1, task-filter=Y.
 */
#include "../../src/cxxnull/nullb_device.hpp"
#include "../../src/cxxnull/debug_key.h"

#include <optional>

#include <kxx/base/string.hpp>

#include "../faults.hpp"
#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;
using cxxnull::NullbDevice;
using cxxnull::Store;

namespace {

/* An index that no disk outside this suite has. */
constexpr unsigned int index = 4711;

cxxnull::DiskSettings settings(const Box<Store> &store)
{
	cxxnull::Config config{};

	config.index = index;
	config.size = 1024;
	config.blocksize = 4096;
	config.hw_queue_depth = 4;
	config.irqmode = 0;
	config.memory_backed = true;
	/* One type of queues only: blk_mq_register_hctx() leaks if it fails with two types. */
	config.poll_queues = 0;
	/* The settings are valid, so validate() changes nothing. */
	static_cast<void>(config.validate("faults", {}));
	return { .config = config, .name = "kxxtest", .store = store.as_raw() };
}

struct Data {
	alignas(KXX_PAGE_SIZE) unsigned char bytes[KXX_PAGE_SIZE];
};

constexpr unsigned int parts = 3;

void expect_allocations_of_a_disk_can_fail(struct kunit *test, unsigned int first_nth) KXX_MAY_SLEEP
{
	/*
	 * Keep another disk while allocations fail. Otherwise the last disk frees the slab cache
	 * of its bios, and the kernel does not survive a failure to create that cache again: it
	 * leaks the cache's name and keeps its file in sysfs.
	 */
	auto driver = KUNIT_ASSERT_VALUE(test, ModuleDriver<cxxnull::driver>::make());

	cxxnull_params params{};

	params.gb = 1;
	params.bs = 4096;
	params.submit_queues = 1;
	params.hw_queue_depth = 4;
	params.queue_mode = 2;
	params.home_node = -1;
	params.memory_backed = true;

	auto major = KUNIT_ASSERT_VALUE(test, BlockMajor::make("kxx_faults"));
	auto common = KUNIT_ASSERT_VALUE(
		test, Box<cxxnull::Common>::make(GFP_KERNEL, params, std::move(major)));

	auto make = [&](const char *name) KXX_MAY_SLEEP -> Result<Box<NullbDevice>> {
		return Box<NullbDevice>::make(GFP_KERNEL, *common, name, 1 << 20,
					      KXX_TRY(cxxnull::DebugFeatures::make(params)));
	};
	auto first = KUNIT_ASSERT_VALUE(test, make("kxxtest0"));
	std::optional<Box<NullbDevice>> second(KUNIT_ASSERT_VALUE(test, make("kxxtest1")));

	KUNIT_ASSERT_TRUE(test, first->power_on(index + 1));

	unsigned int refused = faults::expect_each_can_fail(
		test, [&](unsigned int) KXX_MAY_SLEEP { return (*second)->power_on(index); },
		[&](unsigned int, const auto &) KXX_MAY_SLEEP {
			/* Powered off, it would keep its store, whose allocations can then no longer fail. */
			second.reset();
			second.emplace(KUNIT_ASSERT_VALUE(test, make("kxxtest1")));
		},
		first_nth, parts);

	KUNIT_EXPECT_TRUE(test, refused > 0);
}

} // namespace

static void allocations_1_4_7_of_a_disk_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	expect_allocations_of_a_disk_can_fail(test, 1);
}

static void allocations_2_5_8_of_a_disk_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	expect_allocations_of_a_disk_can_fail(test, 2);
}

static void allocations_3_6_9_of_a_disk_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	expect_allocations_of_a_disk_can_fail(test, 3);
}

namespace {

/* Writes a page for each n while the n-th allocation fails, then checks all pages. */
void write_with_faults(struct kunit *test, const cxxnull::DiskSettings &settings, unsigned int op,
		       sector_t sectors_apart) KXX_MAY_SLEEP
{
	/* The device has no driver. */
	auto parent = KUNIT_ASSERT_VALUE(
		test, PlatformDevice::register_full({ .name = "kxx_faults" }, 0));
	auto disk = KUNIT_ASSERT_VALUE(test, cxxnull::make_disk(parent->dev(), settings));
	auto page = KUNIT_ASSERT_VALUE(test, Box<Data>::make(GFP_KERNEL));
	int lost = 0;
	auto transfer = [&](unsigned int how, unsigned int n) KXX_MAY_SLEEP {
		return Result<void>::from_errno(kxx_test_bio(disk->get().raw(), how,
							     (n - 1) * sectors_apart, page->bytes,
							     sizeof(page->bytes)));
	};
	unsigned int refused = faults::expect_each_can_fail(
		test,
		[&](unsigned int n) KXX_MAY_SLEEP {
			memset(page->bytes, static_cast<int>(n), sizeof(page->bytes));
			return transfer(op, n);
		},
		[&](unsigned int n, const auto &written) KXX_MAY_SLEEP {
			if (!written)
				lost += !transfer(op, n);
			memset(page->bytes, 0, sizeof(page->bytes));
			lost += !transfer(KXX_REQ_OP_READ, n);
			for (unsigned char byte : page->bytes)
				lost += byte != static_cast<unsigned char>(n);
		});

	/* A request that lacks memory must wait for memory, not fail. */
	KUNIT_EXPECT_EQ(test, refused, 0);
	KUNIT_EXPECT_EQ(test, lost, 0);
}

/* Far apart, so that each write needs a leaf (store.hpp) of its own. */
constexpr sector_t far_apart = 1 << 12;

} // namespace

static void each_allocation_of_a_write_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(1 << 20));

	write_with_faults(test, settings(store), KXX_REQ_OP_WRITE, far_apart);
}

static void each_allocation_of_a_write_past_the_cache_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(1 << 20));
	auto settings = ::settings(store);

	settings.config.cache_size = 1;
	write_with_faults(test, settings, KXX_REQ_OP_WRITE | KXX_REQ_FUA, far_apart);
}

static void each_allocation_of_a_write_to_a_zone_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(1 << 20));
	auto settings = ::settings(store);

	settings.config.zoned = true;
	write_with_faults(test, settings, KXX_REQ_OP_WRITE, sizeof(Data) >> KXX_SECTOR_SHIFT);
}

static void each_allocation_of_a_store_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 96;
	static constexpr u64 size = pages * KXX_PAGE_SIZE;
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(64 << 20));
	auto bytes = KUNIT_ASSERT_VALUE(test, Box<unsigned char[]>::make(GFP_KERNEL, size));
	int again = 0, lost = 0;

	/* Use more than the pool's reserve, so that later writes must allocate. */
	for (u64 at = 0; at < 8 << 20; at += size)
		lost += !store->write(at, &bytes[0], size);

	unsigned int refused = faults::expect_each_can_fail(
		test,
		[&](unsigned int n) KXX_MAY_SLEEP {
			u64 at = u64{ n } << 30;

			memset(&bytes[0], static_cast<int>(n), size);

			auto written = store->write(at, &bytes[0], size);

			again += !written && written.error() == EAGAIN;
			/* Retry as the driver does; the n-th allocation may also fail here. */
			for (unsigned int i = 0; i < 100 && !written; i++) {
				static_cast<void>(store->make_room());
				written = store->write(at, &bytes[0], size);
			}
			return written;
		},
		[&](unsigned int n, const auto &) KXX_MAY_SLEEP {
			u64 at = u64{ n } << 30;

			memset(&bytes[0], 0, size);
			store->read(at, &bytes[0], size);
			for (u64 i = 0; i < size; i++)
				lost += bytes[i] != static_cast<unsigned char>(n);
			/*
			 * Discard the middle of a node, which needs a second node, while that
			 * allocation fails. The pool cuts a node only for extents of more than 8
			 * pages.
			 */
			kxx_test_fail_nth(1);
			store->discard(at + 32 * KXX_PAGE_SIZE, 32 * KXX_PAGE_SIZE);
			static_cast<void>(store->make_room());
			kxx_test_fail_nth_happened();
		});

	KUNIT_EXPECT_EQ(test, refused, 0);
	KUNIT_EXPECT_TRUE(test, again > 0);
	KUNIT_EXPECT_EQ(test, lost, 0);
	for (u64 i = 0; i < 64; i++)
		store->discard(i << 30, 16 << 20);
	while (store->pool().has_retired())
		kxx_test_msleep(1);
	/* Each CPU's run (Pool::Run) remains a node. */
	KUNIT_EXPECT_TRUE(test, store->pool().nodes() <= kxx_test_nr_online_cpus());
}

namespace {

/* While this object lives, allocations of this task that may not sleep fail. */
class OutOfMemory {
public:
	OutOfMemory() { kxx_test_make_it_fail(true); }
	OutOfMemory(const OutOfMemory &) = delete;
	OutOfMemory &operator=(const OutOfMemory &) = delete;
	~OutOfMemory() { kxx_test_make_it_fail(false); }
};

bool is_out_of_memory()
{
	return !Box<u64>::make(GFP_NOWAIT | __GFP_NOWARN) && !Page::make(GFP_NOWAIT | __GFP_NOWARN);
}

} // namespace

static void write_needs_no_memory_but_what_make_room_has(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 100;
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(64 << 20));
	unsigned int at_once = 0, lost = 0;

	{
		OutOfMemory none;

		KUNIT_ASSERT_TRUE(test, is_out_of_memory());
		/* Far apart, so that each write needs a leaf (store.hpp) as well as a page. */
		for (u64 i = 0; i < pages; i++) {
			auto byte = static_cast<unsigned char>(i);
			auto written = store->write(i << 24, &byte, 1);

			at_once += !!written;
			/* No other task uses what make_room() provides, so two tries are enough. */
			for (unsigned int n = 0; n < 2 && !written; n++) {
				lost += written.error() != EAGAIN || !store->make_room();
				written = store->write(i << 24, &byte, 1);
			}
			lost += !written;
		}
	}
	for (u64 i = 0; i < pages; i++) {
		unsigned char byte = 0xff;

		store->read(i << 24, &byte, 1);
		lost += byte != i;
	}
	KUNIT_EXPECT_EQ(test, lost, 0);
	KUNIT_EXPECT_TRUE(test, at_once < pages / 2);
}

static void page_without_memory_is_given_back_from_anywhere(struct kunit *test) KXX_MAY_SLEEP
{
	auto pool = KUNIT_ASSERT_VALUE(test, cxxnull::Pool::make(64 << 20));
	unsigned int taken = 0, failed = 0;

	/* Makes later runs (Pool::Run) unaligned, so that some reach into the next Pool::Region. */
	KUNIT_EXPECT_TRUE(test, pool->allocate(40));
	for (unsigned int i = 0; i < 300; i++) {
		{
			OutOfMemory none;

			/* The first page without memory must go back to the pool. */
			while (pool->allocate(1))
				taken++;
		}
		failed += !pool->allocate(1);
	}
	KUNIT_EXPECT_TRUE(test, taken > 0);
	KUNIT_EXPECT_EQ(test, failed, 0);
}

static void page_without_memory_counts_for_no_limit(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull::PageLimit limit(1 << 20);
	auto pool = KUNIT_ASSERT_VALUE(test, cxxnull::Pool::make(64 << 20, &limit));
	unsigned int taken = 0, failed = 0;

	for (unsigned int i = 0; i < 50; i++) {
		{
			OutOfMemory none;

			while (pool->allocate(1))
				taken++;
		}
		failed += !pool->make_room();
	}
	KUNIT_EXPECT_EQ(test, failed, 0);
	limit.release_reserves();
	KUNIT_EXPECT_EQ(test, limit.used(), taken);
}

static void write_that_waited_counts_once(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr unsigned int writes = 16;
	cxxnull_params params{};
	auto parent = KUNIT_ASSERT_VALUE(
		test, PlatformDevice::register_full({ .name = "kxx_faults" }, 0));
	auto with = KUNIT_ASSERT_VALUE(test, cxxnull::DebugFeatures::make(params));
	auto data = KUNIT_ASSERT_VALUE(test, Box<Data>::make(GFP_KERNEL));
	auto store = KUNIT_ASSERT_VALUE(test, Store::make(1 << 20));
	auto settings = ::settings(store);

	settings.debug = with.as_raw();

	auto disk = KUNIT_ASSERT_VALUE(test, cxxnull::make_disk(parent->dev(), settings));
	char text[512] = {};
	unsigned int failed = 0;

	cxxnull_enable_debug();
	with->stats.reset();
	with->stats.enable(true);
	{
		OutOfMemory none;

		KUNIT_ASSERT_TRUE(test, is_out_of_memory());
		for (unsigned int i = 0; i < writes; i++)
			failed += kxx_test_bio(disk->get().raw(), KXX_REQ_OP_WRITE, i * far_apart,
					       data->bytes, sizeof(data->bytes)) != 0;
	}
	KUNIT_EXPECT_EQ(test, failed, 0);
	kxx_test_show(
		text, sizeof(text),
		[](struct seq_file *file, void *data) {
			SeqFile seq(file);

			static_cast<cxxnull::Stats *>(data)->show(seq);
		},
		&with->stats);
	KUNIT_EXPECT_STREQ(
		test, text,
		"op                 requests                bytes       errors     injected\n"
		"write                    16                65536            0            0\n");
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_nowait_faults, "cxxnull_nowait_faults",
			   KXX_KUNIT_CASE(write_needs_no_memory_but_what_make_room_has),
			   KXX_KUNIT_CASE(page_without_memory_is_given_back_from_anywhere),
			   KXX_KUNIT_CASE(page_without_memory_counts_for_no_limit),
			   KXX_KUNIT_CASE(write_that_waited_counts_once));

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_faults, "cxxnull_faults",
			   KXX_KUNIT_CASE(allocations_1_4_7_of_a_disk_can_fail),
			   KXX_KUNIT_CASE(allocations_2_5_8_of_a_disk_can_fail),
			   KXX_KUNIT_CASE(allocations_3_6_9_of_a_disk_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_past_the_cache_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_to_a_zone_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_store_can_fail));
