// SPDX-License-Identifier: GPL-2.0
/*
 * faults.cc - the driver, with each of its allocations failing in turn
 *
 * Needs failslab and fail_page_alloc to heed allocations that may sleep:
 * ignore-gfp-wait=N in debugfs.
 */
#include "../src/cxxnull/driver.hpp"

#include <kxx/string.hpp>

#include "kunit.hpp"
#include "testlib.h"

using namespace kxx;
using cxxnull::AnyDisk;
using cxxnull::PoweredDisk;
using cxxnull::Store;

namespace {

/* Not names that the driver's own disks would have. */
constexpr unsigned int index = 4711;

cxxnull::DiskSettings settings_of(unsigned int number)
{
	cxxnull::Config config{};

	config.size = 1024;
	config.blocksize = 4096;
	config.hw_queue_depth = 4;
	config.irqmode = 0;
	config.memory_backed = true;
	/* With two types of queues, blk_mq_register_hctx() itself leaks when it fails. */
	config.poll_queues = 0;
	config.complete("faults");
	return { .config = config, .index = number, .memory_bytes = 1 << 20 };
}

struct Data {
	alignas(KXX_PAGE_SIZE) unsigned char bytes[KXX_PAGE_SIZE];
};

} // namespace

static void each_allocation_of_a_disk_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	/*
	 * With another disk there, the slab cache of their bios need not be made,
	 * which mm itself does not survive: it leaks the name and keeps the file.
	 */
	auto driver = ModuleDriver<cxxnull::driver>::make();

	KUNIT_ASSERT_TRUE(test, driver);

	auto other = PoweredDisk::power_on(settings_of(index + 1));
	int refused = 0;

	KUNIT_ASSERT_TRUE(test, other);

	for (unsigned int n = 1; n < 10000; n++) {
		kxx_test_fail_nth(n);

		auto made = PoweredDisk::power_on(settings_of(index));
		bool failed = kxx_test_fail_nth_happened();

		if (!made)
			refused++;
		if (!failed) {
			KUNIT_EXPECT_TRUE(test, made);
			break;
		}
	}
	KUNIT_EXPECT_TRUE(test, refused > 0);
}

namespace {

/* A page for each n, which is written with the n-th allocation failing. */
void write_with_faults(struct kunit *test, const cxxnull::DiskSettings &settings, unsigned int op,
		       sector_t sectors_apart) KXX_MAY_SLEEP
{
	/* No driver is bound to it. */
	auto pdev = PlatformDevice::register_full({ .name = "kxx_faults" }, 0);

	KUNIT_ASSERT_TRUE(test, pdev);

	Owned<PlatformDevice> parent = std::move(pdev).value();
	auto made = AnyDisk::make(parent->dev(), settings);
	auto allocated = Box<Data>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<AnyDisk> disk = std::move(made).value();
	Box<Data> page = std::move(allocated).value();
	int refused = 0, lost = 0;

	for (unsigned int n = 1; n < 10000; n++) {
		sector_t sector = (n - 1) * sectors_apart;

		memset(page->bytes, static_cast<int>(n), sizeof(page->bytes));
		kxx_test_fail_nth(n);

		int err = kxx_test_bio(disk->raw(), op, sector, page->bytes, sizeof(page->bytes));
		bool failed = kxx_test_fail_nth_happened();

		if (err) {
			refused++;
			lost += kxx_test_bio(disk->raw(), op, sector, page->bytes,
					     sizeof(page->bytes)) != 0;
		}
		memset(page->bytes, 0, sizeof(page->bytes));
		lost += kxx_test_bio(disk->raw(), KXX_REQ_OP_READ, sector, page->bytes,
				     sizeof(page->bytes)) != 0;
		for (unsigned char byte : page->bytes)
			lost += byte != static_cast<unsigned char>(n);
		if (!failed)
			break;
	}
	/* What has no memory at once waits for it. */
	KUNIT_EXPECT_EQ(test, refused, 0);
	KUNIT_EXPECT_EQ(test, lost, 0);
}

/* Far apart, so that each write needs a leaf of its own. */
constexpr sector_t far_apart = 1 << 12;

} // namespace

static void each_allocation_of_a_write_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	write_with_faults(test, settings_of(index), KXX_REQ_OP_WRITE, far_apart);
}

static void each_allocation_of_a_write_past_the_cache_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	auto settings = settings_of(index);

	settings.config.cache_size = 1;
	write_with_faults(test, settings, KXX_REQ_OP_WRITE | KXX_REQ_FUA, far_apart);
}

static void each_allocation_of_a_write_to_a_zone_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	auto settings = settings_of(index);

	settings.config.zoned = true;
	write_with_faults(test, settings, KXX_REQ_OP_WRITE, sizeof(Data) >> KXX_SECTOR_SHIFT);
}

static void each_allocation_of_a_store_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr u64 pages = 40;
	static constexpr u64 size = pages * KXX_PAGE_SIZE;
	auto made = Store::make(64 << 20);
	auto allocated = Box<unsigned char[]>::make(GFP_KERNEL, size);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<Store> store = std::move(made).value();
	Box<unsigned char[]> bytes = std::move(allocated).value();
	int again = 0, lost = 0;

	/* Past what has its memory from the start. */
	for (u64 at = 0; at < 8 << 20; at += size)
		lost += !store->write(at, &bytes[0], size);
	for (unsigned int n = 1; n < 10000; n++) {
		u64 at = u64{ n } << 30;

		memset(&bytes[0], static_cast<int>(n), size);
		kxx_test_fail_nth(n);

		auto written = store->write(at, &bytes[0], size);

		again += !written && written.error() == EAGAIN;
		/* The same one, if it has not failed yet. */
		for (unsigned int i = 0; i < 100 && !written; i++) {
			static_cast<void>(store->make_room());
			written = store->write(at, &bytes[0], size);
		}

		bool failed = kxx_test_fail_nth_happened();

		lost += !written;
		memset(&bytes[0], 0, size);
		store->read(at, &bytes[0], size);
		for (u64 i = 0; i < size; i++)
			lost += bytes[i] != static_cast<unsigned char>(n);
		/* In the middle of a node: there must be memory for two. */
		kxx_test_fail_nth(1);
		store->discard(at + 4 * KXX_PAGE_SIZE, 8 * KXX_PAGE_SIZE);
		static_cast<void>(store->make_room());
		kxx_test_fail_nth_happened();
		if (!failed)
			break;
	}
	KUNIT_EXPECT_TRUE(test, again > 0);
	KUNIT_EXPECT_EQ(test, lost, 0);
	for (u64 i = 0; i < 64; i++)
		store->discard(i << 30, 16 << 20);
	while (store->pool().has_retired())
		kxx_test_msleep(1);
	/* But for what the CPUs have in reserve. */
	KUNIT_EXPECT_TRUE(test, store->pool().nodes() <= kxx_test_nr_online_cpus());
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_faults, "cxxnull_faults",
			   KXX_KUNIT_CASE(each_allocation_of_a_disk_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_past_the_cache_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_to_a_zone_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_store_can_fail));
