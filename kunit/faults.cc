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
	return { .config = config, .index = number, .memory_bytes = 1 << 30 };
}

struct Page {
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

static void each_allocation_of_a_write_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	/* No driver is bound to it. */
	auto pdev = PlatformDevice::register_full({ .name = "kxx_faults" }, 0);

	KUNIT_ASSERT_TRUE(test, pdev);

	Owned<PlatformDevice> parent = std::move(pdev).value();
	auto made = AnyDisk::make(parent->dev(), settings_of(index));
	auto allocated = Box<Page>::make(GFP_KERNEL);

	KUNIT_ASSERT_TRUE(test, made && allocated);

	Box<AnyDisk> disk = std::move(made).value();
	Box<Page> page = std::move(allocated).value();
	int refused = 0, lost = 0;

	for (unsigned int n = 1; n < 10000; n++) {
		/* Far apart, so that each needs a node, a chunk and room in the index. */
		sector_t sector = sector_t{ n } << 12;

		memset(page->bytes, static_cast<int>(n), sizeof(page->bytes));
		kxx_test_fail_nth(n);

		int err = kxx_test_bio(disk->raw(), KXX_REQ_OP_WRITE, sector, page->bytes,
				       sizeof(page->bytes));
		bool failed = kxx_test_fail_nth_happened();

		if (err) {
			refused++;
			lost += kxx_test_bio(disk->raw(), KXX_REQ_OP_WRITE, sector, page->bytes,
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
	KUNIT_EXPECT_TRUE(test, refused > 0);
	KUNIT_EXPECT_EQ(test, lost, 0);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_faults, "cxxnull_faults",
			   KXX_KUNIT_CASE(each_allocation_of_a_disk_can_fail),
			   KXX_KUNIT_CASE(each_allocation_of_a_write_can_fail));
