// SPDX-License-Identifier: GPL-2.0
/* driver_kunit.cc - tests which devices the driver binds to, and how it builds a disk */
#include "../../src/cxxnull/debug_key.h"
#include "../../src/cxxnull/nullb_device.hpp"

#include <kxx/base/string.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;
using cxxnull::Config;

namespace {

using Registered = ModuleDriver<cxxnull::driver>;

/* Platform data of another driver. It has no valid pointers. */
struct Strange {
	u64 words[4];
};
constexpr Strange strange = { { 0x5a5a5a5a5a5a5a5a, 0x5a5a5a5a5a5a5a5a, 0x5a5a5a5a5a5a5a5a,
				0x5a5a5a5a5a5a5a5a } };

/* Variants of a disk; each one is built from other classes. */
enum class Kind { PLAIN, POLLED, FULL, ZONED, ZONED_MEMORY };
constexpr Kind kinds[] = { Kind::PLAIN, Kind::POLLED, Kind::FULL, Kind::ZONED, Kind::ZONED_MEMORY };

/* An index that no disk of another suite has. */
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

/* Calls @f with a disk that exists only for this call. */
template <typename F>
void with_disk(struct kunit *test, const Config &config, F &&f,
	       const cxxnull::Distribution &latency = {},
	       cxxnull::DebugFeatures *debug = nullptr) KXX_MAY_SLEEP
{
	/* The device has no driver. */
	auto parent = KUNIT_ASSERT_VALUE(
		test, PlatformDevice::register_full({ .name = "kxx_cxxnull" }, 0));
	auto store = KUNIT_ASSERT_VALUE(test, cxxnull::Store::make(1 << 20));
	cxxnull::DiskSettings settings{ .config = config,
					.name = "kxxtest",
					.store = store.as_raw(),
					.latency = latency,
					.debug = debug };
	cxxnull_params params{};

	params.poll_queues = 1;
	KUNIT_ASSERT_TRUE(test, settings.config.validate("cxxnull_driver", params));

	auto disk = KUNIT_ASSERT_VALUE(test, cxxnull::make_disk(parent->dev(), settings));

	f(disk->get());
}

struct kxx_test_tag_set tag_set_of(struct kunit *test, const Config &config) KXX_MAY_SLEEP
{
	struct kxx_test_tag_set set = {};

	with_disk(test, config, [&set](auto &disk) { set = kxx_test_tag_set(disk.raw()); });
	return set;
}

/* Sends reads under a plug: without a scheduler, the disk receives them as one list. */
constexpr unsigned int nr_reads = 16;

int good_reads(struct kunit *test, Config config, const cxxnull::Distribution &latency = {},
	       cxxnull::DebugFeatures *debug = nullptr) KXX_MAY_SLEEP
{
	int good = 0;

	config.no_sched = true;
	with_disk(
		test, config,
		[&good](auto &disk) { good = kxx_test_bios(disk.raw(), nr_reads, false); }, latency,
		debug);
	return good;
}

void show(cxxnull::Stats &stats, char *text, unsigned long size) KXX_MAY_SLEEP
{
	kxx_test_show(
		text, size,
		[](struct seq_file *file, void *data) {
			SeqFile seq(file);

			static_cast<cxxnull::Stats *>(data)->show(seq);
		},
		&stats);
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
		/* The test kernel has one NUMA node. */
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

static void requests_of_a_list_end_in_each_mode(struct kunit *test) KXX_MAY_SLEEP
{
	const cxxnull::Distribution uniform{ cxxnull::LatencyKind::UNIFORM, 1000, 100000 };

	for (Kind kind : kinds) {
		Config config = config_of(kind);

		for (unsigned int irqmode : { 0, 1, 2 }) {
			config.irqmode = irqmode;
			KUNIT_EXPECT_EQ(test, good_reads(test, config), nr_reads);
		}
		KUNIT_EXPECT_EQ(test, good_reads(test, config, uniform), nr_reads);
	}
}

static void list_of_requests_is_throttled(struct kunit *test) KXX_MAY_SLEEP
{
	Config config = config_of(Kind::PLAIN);

	/* The budget of a tick of 20 ms is 20 KiB. */
	config.mbps = 1;
	config.no_sched = true;
	with_disk(test, config, [test](auto &disk) KXX_MAY_SLEEP {
		u64 begin = kxx_test_ktime_get_ns();

		KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), nr_reads, false), nr_reads);
		KUNIT_EXPECT_TRUE(test, kxx_test_ktime_get_ns() - begin >= 40000000);
	});
}

namespace {

struct Pages {
	static constexpr unsigned int size = 2 * KXX_PAGE_SIZE;

	alignas(size) unsigned char bytes[size] = {};
};

} // namespace

static void sector_within_a_page_is_where_it_was_written(struct kunit *test) KXX_MAY_SLEEP
{
	auto pages = KUNIT_ASSERT_VALUE(test, Box<Pages>::make(GFP_KERNEL));
	unsigned char *bytes = pages->bytes;

	memset(bytes, 0x11, 512);
	memset(bytes + 512, 0x22, 512);
	with_disk(test, config_of(Kind::FULL), [&](auto &disk) KXX_MAY_SLEEP {
		KUNIT_EXPECT_EQ(test,
				kxx_test_bio(disk.raw(), KXX_REQ_OP_WRITE, 3, bytes + 512, 512), 0);
		KUNIT_EXPECT_EQ(test,
				kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, 3, bytes + 1024, 512), 0);
	});
	KUNIT_EXPECT_EQ(test, bytes[0], 0x11);
	KUNIT_EXPECT_EQ(test, bytes[1024], 0x22);
}

static void read_beyond_the_write_pointer_is_ones(struct kunit *test) KXX_MAY_SLEEP
{
	auto pages = KUNIT_ASSERT_VALUE(test, Box<Pages>::make(GFP_KERNEL));
	unsigned char *bytes = pages->bytes;

	memset(bytes, 0x11, Pages::size);
	with_disk(test, config_of(Kind::ZONED_MEMORY), [&](auto &disk) KXX_MAY_SLEEP {
		KUNIT_EXPECT_EQ(test,
				kxx_test_bio(disk.raw(), KXX_REQ_OP_WRITE, 0, bytes, KXX_PAGE_SIZE),
				0);
		KUNIT_EXPECT_EQ(
			test, kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, 0, bytes, Pages::size), 0);
	});
	KUNIT_EXPECT_EQ(test, bytes[KXX_PAGE_SIZE - 1], 0x11);
	KUNIT_EXPECT_EQ(test, bytes[KXX_PAGE_SIZE], 0xff);
}

static void shared_tags_are_made_once_and_as_the_parameters_say(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull_params params{};

	params.submit_queues = 1;
	params.hw_queue_depth = 4;

	cxxnull::SharedTags shared(params);
	auto first = KUNIT_ASSERT_VALUE(test, shared.get(false));
	auto second = KUNIT_ASSERT_VALUE(test, shared.get(false));

	/* By default, a disk has a queue for polling, too. */
	KUNIT_EXPECT_EQ(test, first->nr_hw_queues(), 1);
	KUNIT_EXPECT_TRUE(test, first->raw() == second->raw());
}

static void bad_fault_parameter_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull_params params{};

	memcpy(params.timeout, "many", sizeof("many"));

	auto made = cxxnull::DebugFeatures::make(params);

	KUNIT_EXPECT_EQ(test, made ? 0 : made.error().to_errno(), EINVAL.to_errno());
}

/* The static key enabled here stays enabled, so this case and those below come last. */
static void planned_errors_of_a_list_end_requests_and_are_counted(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull_params params{};
	auto debug = KUNIT_ASSERT_VALUE(test, cxxnull::DebugFeatures::make(params));
	const char *bad = nullptr;
	char text[512] = {};
	Config config = config_of(Kind::PLAIN);

	KUNIT_ASSERT_TRUE(test, debug->plan.set("read nth=4 medium always", 0, bad));
	debug->stats.enable(true);
	cxxnull_enable_debug();
	for (unsigned int irqmode : { 0, 1, 2 }) {
		config.irqmode = irqmode;
		KUNIT_EXPECT_EQ(test, good_reads(test, config, {}, debug.as_raw()),
				nr_reads - nr_reads / 4);
	}
	show(debug->stats, text, sizeof(text));
	KUNIT_EXPECT_STREQ(
		test, text,
		"op                 requests                bytes       errors     injected\n"
		"read                     48               147456           12           12\n");
}

static void requests_that_time_out_are_counted_as_errors(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull_params params{};
	auto debug = KUNIT_ASSERT_VALUE(test, cxxnull::DebugFeatures::make(params));
	const char *bad = nullptr;
	char text[512] = {};
	Config config = config_of(Kind::PLAIN);

	/* The last read ends with an error of its own, which is counted once. */
	KUNIT_ASSERT_TRUE(test, debug->plan.set("read nth=16 medium", 0, bad));
	debug->stats.enable(true);
	cxxnull_enable_debug();
	config.irqmode = 2;
	config.completion_nsec = u64{ 3600 } * 1'000'000'000;
	config.no_sched = true;
	with_disk(
		test, config,
		[test](auto &disk) KXX_MAY_SLEEP {
			kxx_test_set_timeout(disk.raw(), 100);
			KUNIT_EXPECT_EQ(test, kxx_test_bios(disk.raw(), nr_reads, false), 0);
		},
		{}, debug.as_raw());
	show(debug->stats, text, sizeof(text));
	KUNIT_EXPECT_STREQ(
		test, text,
		"op                 requests                bytes       errors     injected\n"
		"read                     16                    0           16            1\n");
}

static void write_to_a_zone_ends_before_a_bad_sector(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull_params params{};
	auto debug = KUNIT_ASSERT_VALUE(test, cxxnull::DebugFeatures::make(params));
	auto pages = KUNIT_ASSERT_VALUE(test, Box<Pages>::make(GFP_KERNEL));
	struct kxx_test_zone zone = {};
	Config config = config_of(Kind::ZONED);

	config.badblocks_partial_io = config.badblocks_once = true;
	KUNIT_ASSERT_TRUE(test, debug->badblocks->set({ .first = 12, .sectors = 1 }));
	cxxnull_enable_debug();
	with_disk(
		test, config,
		[&](auto &disk) KXX_MAY_SLEEP {
			KUNIT_EXPECT_EQ(test,
					kxx_test_bio(disk.raw(), KXX_REQ_OP_WRITE, 0, pages->bytes,
						     Pages::size),
					EIO.to_errno());
			KUNIT_EXPECT_EQ(test, kxx_test_zone(disk.raw(), 0, &zone), 0);
		},
		{}, debug.as_raw());
	KUNIT_EXPECT_EQ(test, zone.wp, 12);
	/* badblocks_once has made the failed write clear the bad block. */
	KUNIT_EXPECT_FALSE(test, debug->badblocks->check(12, 1));
}

static void write_ends_before_the_block_of_a_bad_sector(struct kunit *test) KXX_MAY_SLEEP
{
	cxxnull_params params{};
	auto debug = KUNIT_ASSERT_VALUE(test, cxxnull::DebugFeatures::make(params));
	auto pages = KUNIT_ASSERT_VALUE(test, Box<Pages>::make(GFP_KERNEL));
	unsigned char *bytes = pages->bytes;
	Config config = config_of(Kind::FULL);

	config.blocksize = 4096;
	config.badblocks_partial_io = config.badblocks_once = true;
	KUNIT_ASSERT_TRUE(test, debug->badblocks->set({ .first = 12, .sectors = 1 }));
	cxxnull_enable_debug();
	memset(bytes, 0x11, Pages::size);
	with_disk(
		test, config,
		[&](auto &disk) KXX_MAY_SLEEP {
			KUNIT_EXPECT_EQ(
				test,
				kxx_test_bio(disk.raw(), KXX_REQ_OP_WRITE, 0, bytes, Pages::size),
				EIO.to_errno());
			/* badblocks_once has made the failed write clear the bad block. */
			KUNIT_EXPECT_EQ(
				test,
				kxx_test_bio(disk.raw(), KXX_REQ_OP_READ, 0, bytes, Pages::size),
				0);
		},
		{}, debug.as_raw());
	KUNIT_EXPECT_EQ(test, bytes[4095], 0x11);
	KUNIT_EXPECT_EQ(test, bytes[4096], 0);
}

KXX_KUNIT_SUITE(kxx_kunit_cxxnull_driver, "cxxnull_driver",
		KXX_KUNIT_CASE(device_of_another_name_is_refused_whatever_its_data),
		KXX_KUNIT_CASE(tags_are_on_the_home_node),
		KXX_KUNIT_CASE(queues_are_what_the_disk_is_configured_for),
		KXX_KUNIT_CASE(requests_of_a_list_end_in_each_mode),
		KXX_KUNIT_CASE(list_of_requests_is_throttled),
		KXX_KUNIT_CASE(sector_within_a_page_is_where_it_was_written),
		KXX_KUNIT_CASE(read_beyond_the_write_pointer_is_ones),
		KXX_KUNIT_CASE(shared_tags_are_made_once_and_as_the_parameters_say),
		KXX_KUNIT_CASE(bad_fault_parameter_is_einval),
		KXX_KUNIT_CASE(planned_errors_of_a_list_end_requests_and_are_counted),
		KXX_KUNIT_CASE(requests_that_time_out_are_counted_as_errors),
		KXX_KUNIT_CASE(write_to_a_zone_ends_before_a_bad_sector),
		KXX_KUNIT_CASE(write_ends_before_the_block_of_a_bad_sector));
