// SPDX-License-Identifier: GPL-2.0
/* driver_kunit.cc - what the driver binds to, and what its disks are made of */
#include "../../src/cxxnull/nullb_device.hpp"

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;
using cxxnull::Config;

namespace {

using Registered = ModuleDriver<cxxnull::driver>;

/* Data of another driver's device: no pointers. */
struct Strange {
	u64 words[4];
};
constexpr Strange strange = { { 0x5a5a5a5a5a5a5a5a, 0x5a5a5a5a5a5a5a5a, 0x5a5a5a5a5a5a5a5a,
				0x5a5a5a5a5a5a5a5a } };

/* What decides about the parts of a disk. */
enum class Kind { PLAIN, POLLED, FULL, ZONED, ZONED_MEMORY };
constexpr Kind kinds[] = { Kind::PLAIN, Kind::POLLED, Kind::FULL, Kind::ZONED, Kind::ZONED_MEMORY };

/* What is in no other suite's disks. */
constexpr unsigned int index = 4711;

Config config_of(Kind kind)
{
	Config config{};

	config.index = index;
	config.size = 64;
	config.poll_queues = kind == Kind::POLLED;
	config.memory_backed = kind == Kind::FULL || kind == Kind::ZONED_MEMORY;
	config.zoned = kind == Kind::ZONED || kind == Kind::ZONED_MEMORY;
	config.zone_size = 4;
	return config;
}

/* The tag set of a disk that is there for this call only. */
struct kxx_test_tag_set tag_set_of(struct kunit *test, Config config) KXX_MAY_SLEEP
{
	/* No driver is bound to it. */
	auto pdev = PlatformDevice::register_full({ .name = "kxx_cxxnull" }, 0);
	struct kxx_test_tag_set none = {};

	KUNIT_EXPECT_TRUE(test, config.complete("cxxnull_driver", 1));
	KUNIT_EXPECT_TRUE(test, pdev);
	if (!pdev)
		return none;

	Owned<PlatformDevice> parent = std::move(pdev).value();
	auto made = cxxnull::make_disk(
		parent->dev(), { .config = config, .name = "kxxtest", .memory_bytes = 1 << 20 });

	KUNIT_EXPECT_TRUE(test, made);
	if (!made)
		return none;

	auto disk = std::move(made).value();

	return kxx_test_tag_set(disk->get().raw());
}

} // namespace

static void device_of_another_name_is_refused_whatever_its_data(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Registered::make());
	auto pdev = KUNIT_ASSERT_VALUE(
		test, PlatformDevice::register_full({ .name = "kxx_stranger" }, strange));
	auto attached = cxxnull::driver.device_driver_attach(*pdev);

	KUNIT_EXPECT_EQ(test, attached.to_errno(), ENODEV.to_errno());
}

static void tags_are_on_the_home_node(struct kunit *test) KXX_MAY_SLEEP
{
	for (Kind kind : kinds) {
		Config config = config_of(kind);

		KUNIT_EXPECT_EQ(test, tag_set_of(test, config).numa_node, KXX_NUMA_NO_NODE);
		config.home_node = 0;
		KUNIT_EXPECT_EQ(test, tag_set_of(test, config).numa_node, 0);
	}
}

static void queues_are_what_the_disk_is_configured_for(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);
	for (Kind kind : kinds) {
		Config config = config_of(kind);
		unsigned int polled = config.poll_queues;
		auto set = tag_set_of(test, config);

		KUNIT_EXPECT_EQ(test, set.nr_hw_queues, 1 + polled);
		KUNIT_EXPECT_EQ(test, set.queue_depth, 64);
		KUNIT_EXPECT_EQ(test, set.blocking, kind == Kind::ZONED_MEMORY);
		KUNIT_EXPECT_FALSE(test, set.no_sched);
		KUNIT_EXPECT_FALSE(test, set.hctx_shared);

		config.submit_queues = 2;
		KUNIT_EXPECT_EQ(test, tag_set_of(test, config).nr_hw_queues, 2 + polled);
		/* The debug kernel has one node. */
		config.use_per_node_hctx = true;
		KUNIT_EXPECT_EQ(test, tag_set_of(test, config).nr_hw_queues, 1 + polled);
		config.hw_queue_depth = 7;
		KUNIT_EXPECT_EQ(test, tag_set_of(test, config).queue_depth, 7);
		config.shared_tag_bitmap = true;
		KUNIT_EXPECT_TRUE(test, tag_set_of(test, config).hctx_shared);
		config.no_sched = true;
		KUNIT_EXPECT_TRUE(test, tag_set_of(test, config).no_sched);
		config.blocking = true;
		KUNIT_EXPECT_TRUE(test, tag_set_of(test, config).blocking);
	}
}

KXX_KUNIT_SUITE(kxx_kunit_cxxnull_driver, "cxxnull_driver",
		KXX_KUNIT_CASE(device_of_another_name_is_refused_whatever_its_data),
		KXX_KUNIT_CASE(tags_are_on_the_home_node),
		KXX_KUNIT_CASE(queues_are_what_the_disk_is_configured_for));
