// SPDX-License-Identifier: GPL-2.0
/*
 * driver_model_kunit.cc - tests of <kxx/device/...> and <kxx/fs/sysfs.hpp>
 *
 * Each life cycle in Documentation/driver-model.rst is a case here, with every callback and
 * destructor in order.
 */
#include <optional>

#include "device_lib.h"
#include "../kunit.hpp"
#include "watched_driver.hpp"

using namespace kxx;
using watched::Outcome;
using watched::trace;

namespace {

#define FOLDER "/sys/devices/platform/kxx_watched.0"
#define DRIVER "/sys/bus/platform/drivers/kxx_watched"

using Watched = ModuleDriver<watched::driver>;
using Registered = Owned<PlatformDevice>;

/* Has no callback except probe(). */
struct Least {
	static Result<Box<int>> probe(PlatformDevice &) KXX_MAY_SLEEP
	{
		return Box<int>::make(GFP_KERNEL, 1);
	}
};
constexpr auto least_ids = device_table({ PlatformDeviceId("kxx_least", 3) });
constinit PlatformDriver<Least> least({ .name = "kxx_least" }, least_ids);

Result<Registered> make_device(const char *name = "kxx_watched") KXX_MAY_SLEEP
{
	return PlatformDevice::register_full({ .name = name, .id = 0 }, 4711);
}

unsigned int references(const Device &dev)
{
	return kxx_test_device_references(dev.raw());
}

bool is_bound(PlatformDevice &pdev)
{
	return kxx_test_device_is_bound(pdev.dev().raw());
}

/* Checks that the trace is empty and all objects are destroyed. Resets watched::outcome. */
void expect_nothing_left(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, trace.take(), "");
	KUNIT_EXPECT_EQ(test, watched::Data::alive, 0);
	KUNIT_EXPECT_EQ(test, watched::First::alive, 0);
	KUNIT_EXPECT_EQ(test, watched::Second::alive, 0);
	watched::outcome = Outcome::SUCCESS;
}

} // namespace

static void device_of_a_registered_driver_is_bound(struct kunit *test) KXX_MAY_SLEEP
{
	int module_references = kxx_test_module_references();
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

	KUNIT_EXPECT_STREQ(test, trace.take(), "");
	{
		auto pdev = KUNIT_ASSERT_VALUE(test, make_device());

		KUNIT_EXPECT_TRUE(test, is_bound(*pdev));
		KUNIT_EXPECT_STREQ(test, pdev->dev().name(), "kxx_watched.0");
		KUNIT_EXPECT_EQ(test, pdev->id(), 0);
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");
	}
	/* The device is unregistered before its driver. */
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	{
		Box<Watched> dropped = std::move(driver);
	}
	KUNIT_EXPECT_EQ(test, kxx_test_module_references(), module_references);
	expect_nothing_left(test);
}

static void driver_finds_the_device_that_was_there_before(struct kunit *test) KXX_MAY_SLEEP
{
	auto pdev = KUNIT_ASSERT_VALUE(test, make_device());

	KUNIT_EXPECT_FALSE(test, is_bound(*pdev));
	KUNIT_EXPECT_STREQ(test, trace.take(), "");
	{
		auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

		KUNIT_EXPECT_TRUE(test, is_bound(*pdev));
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");
	}
	/* The driver was unregistered, as when its module is unloaded; the device remains. */
	KUNIT_EXPECT_FALSE(test, is_bound(*pdev));
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	expect_nothing_left(test);
}

static void probe_that_fails_leaves_the_device_unbound(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

	watched::outcome = Outcome::FAILURE;
	{
		auto pdev = KUNIT_ASSERT_VALUE(test, make_device());

		KUNIT_EXPECT_FALSE(test, is_bound(*pdev));
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe ~Second ~First");

		/* Attaching the driver explicitly must return the error of probe(). */
		auto attached = watched::driver.device_driver_attach(*pdev);

		KUNIT_EXPECT_EQ(test, attached.to_errno(), EIO.to_errno());
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe ~Second ~First");

		watched::outcome = Outcome::SUCCESS;
		KUNIT_EXPECT_TRUE(test, watched::driver.device_driver_attach(*pdev));
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");

		auto again = watched::driver.device_driver_attach(*pdev);

		KUNIT_EXPECT_EQ(test, again.to_errno(), EBUSY.to_errno());
	}
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	expect_nothing_left(test);
}

static void probe_that_defers_is_called_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

	watched::outcome = Outcome::DEFERRAL;
	{
		auto pdev = KUNIT_ASSERT_VALUE(test, make_device());

		KUNIT_EXPECT_FALSE(test, is_bound(*pdev));
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe ~Second ~First");

		/* Binding any other device makes the kernel retry deferred probes. */
		watched::outcome = Outcome::SUCCESS;
		{
			auto other = KUNIT_ASSERT_VALUE(test, ModuleDriver<least>::make());
			auto what_it_waits_for = KUNIT_ASSERT_VALUE(test, make_device("kxx_least"));

			kxx_test_wait_for_device_probe();
			KUNIT_EXPECT_TRUE(test, is_bound(*pdev));
			KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");
		}
	}
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	expect_nothing_left(test);
}

static void deferred_device_can_go(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

	watched::outcome = Outcome::DEFERRAL;
	{
		auto made = KUNIT_ASSERT_VALUE(test, make_device());

		KUNIT_EXPECT_STREQ(test, trace.take(), "probe ~Second ~First");
	}
	expect_nothing_left(test);
}

static void unbinding_destroys_the_data_and_binding_makes_it(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
	auto pdev = KUNIT_ASSERT_VALUE(test, make_device());

	KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");

	for (int i = 0; i < 3; i++) {
		kxx_test_device_release_driver(pdev->dev().raw());
		KUNIT_EXPECT_FALSE(test, is_bound(*pdev));
		KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
		KUNIT_EXPECT_EQ(test, watched::Data::alive, 0);

		KUNIT_EXPECT_EQ(test, kxx_test_device_attach(pdev->dev().raw()), 1);
		KUNIT_EXPECT_TRUE(test, is_bound(*pdev));
		/* The kernel calls sync_state() once per device, so not again. */
		KUNIT_EXPECT_STREQ(test, trace.take(), "probe");
		KUNIT_EXPECT_EQ(test, watched::Data::alive, 1);
	}
	kxx_test_device_release_driver(pdev->dev().raw());
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	/* The device is already unbound, so no callback must run. */
	kxx_test_device_release_driver(pdev->dev().raw());
	expect_nothing_left(test);
}

static void sysfs_unbinds_and_binds(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/sys/bus");

	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
	auto made = KUNIT_ASSERT_VALUE(test, make_device());

	KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(DRIVER "/unbind", "kxx_watched.0"), 13);
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");

	watched::outcome = Outcome::FAILURE;
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(DRIVER "/bind", "kxx_watched.0"), EIO.to_errno());
	KUNIT_EXPECT_STREQ(test, trace.take(), "probe ~Second ~First");

	watched::outcome = Outcome::SUCCESS;
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(DRIVER "/bind", "kxx_watched.0"), 13);
	KUNIT_EXPECT_STREQ(test, trace.take(), "probe");
	{
		Registered dropped = std::move(made);
	}
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	expect_nothing_left(test);
}

static void driver_cannot_be_registered_twice(struct kunit *test) KXX_MAY_SLEEP
{
	{
		auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

		{
			auto second = Watched::make();

			KUNIT_ASSERT_TRUE(test, !second);
			KUNIT_EXPECT_EQ(test, second.error().to_errno(), EBUSY.to_errno());
		}

		/* The failed second registration must not affect the first. */
		auto made = KUNIT_ASSERT_VALUE(test, make_device());

		KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");
	}
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	{
		/* The driver can be registered again after it was unregistered. */
		auto driver = Watched::make();

		KUNIT_EXPECT_TRUE(test, driver);
	}
	expect_nothing_left(test);
}

static void references_return_to_where_they_were(struct kunit *test) KXX_MAY_SLEEP
{
	std::optional<Registered> pdev = KUNIT_ASSERT_VALUE(test, make_device());
	ARef<Device> kept((*pdev)->dev());
	unsigned int unbound = references(*kept);

	for (int i = 0; i < 3; i++) {
		{
			auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
			ARef<Device> more = kept.share();
			ARef<Device> moved = std::move(more);

			KUNIT_EXPECT_TRUE(test, references(*kept) > unbound);
			KUNIT_EXPECT_STREQ(test, moved->name(), "kxx_watched.0");
		}
		KUNIT_EXPECT_EQ(test, references(*kept), unbound);
	}
	trace.take();

	/* After the device was unregistered, only the reference "kept" is left. */
	pdev.reset();
	KUNIT_EXPECT_EQ(test, references(*kept), 1);
	KUNIT_EXPECT_STREQ(test, kept->name(), "kxx_watched.0");
	expect_nothing_left(test);
}

static void reference_can_be_handed_on(struct kunit *test) KXX_MAY_SLEEP
{
	auto pdev = KUNIT_ASSERT_VALUE(test, make_device());
	ARef<Device> kept(pdev->dev());
	unsigned int before = references(*kept);
	struct device *raw = kept.share().into_raw();

	KUNIT_EXPECT_EQ(test, references(*kept), before + 1);
	{
		ARef<Device> back = ARef<Device>::from_raw(raw);
		ARef<Device> &same = back;

		back = std::move(same);
		KUNIT_EXPECT_EQ(test, references(*kept), before + 1);
	}
	KUNIT_EXPECT_EQ(test, references(*kept), before);
}

static void other_callbacks_have_the_data(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
	auto pdev = KUNIT_ASSERT_VALUE(test, make_device());
	struct device *raw = pdev->dev().raw();

	KUNIT_EXPECT_STREQ(test, trace.take(), "probe sync_state");
	KUNIT_EXPECT_EQ(test, kxx_test_device_suspend(raw), 0);
	KUNIT_EXPECT_EQ(test, kxx_test_device_resume(raw), 0);
	KUNIT_EXPECT_STREQ(test, trace.take(), "suspend resume");

	watched::outcome = Outcome::FAILURE;
	KUNIT_EXPECT_EQ(test, kxx_test_device_suspend(raw), EBUSY.to_errno());
	KUNIT_EXPECT_STREQ(test, trace.take(), "suspend");

	kxx_test_device_shutdown(raw);
	KUNIT_EXPECT_STREQ(test, trace.take(), "shutdown");
	kxx_test_device_release_driver(raw);
	KUNIT_EXPECT_STREQ(test, trace.take(), "remove ~Data ~Second ~First");
	expect_nothing_left(test);
}

static void callbacks_that_are_left_out_are_null(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_TRUE(test, kxx_test_driver_has_only_probe_and_remove(least.raw()));
	KUNIT_EXPECT_FALSE(test, kxx_test_driver_has_only_probe_and_remove(watched::driver.raw()));

	auto driver = KUNIT_ASSERT_VALUE(test, ModuleDriver<least>::make());
	auto pdev = KUNIT_ASSERT_VALUE(test, make_device("kxx_least"));

	KUNIT_EXPECT_TRUE(test, is_bound(*pdev));
	kxx_test_device_shutdown(pdev->dev().raw());
}

static void attributes_show_and_store(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/sys/bus");

	char text[64];
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
	auto made = KUNIT_ASSERT_VALUE(test, make_device());

	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/value", text, sizeof(text)), 2);
	KUNIT_EXPECT_STREQ(test, text, "5\n");
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(FOLDER "/value", "0x10\n"), 5);
	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/twice", text, sizeof(text)), 13);
	KUNIT_EXPECT_STREQ(test, text, "16 and again\n");
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(FOLDER "/value", "many"), EINVAL.to_errno());
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(FOLDER "/reset", "n"), 1);
	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/value", text, sizeof(text)), 3);
	KUNIT_EXPECT_EQ(test, kxx_test_write_file(FOLDER "/reset", "all\n"), 4);
	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/value", text, sizeof(text)), 2);
	KUNIT_EXPECT_STREQ(test, text, "0\n");
}

static void only_root_can_store(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/sys/bus");

	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
	auto made = KUNIT_ASSERT_VALUE(test, make_device());

	KUNIT_EXPECT_EQ(test, kxx_test_file_mode(FOLDER "/value"), 0644);
	KUNIT_EXPECT_EQ(test, kxx_test_file_mode(FOLDER "/twice"), 0444);
	KUNIT_EXPECT_EQ(test, kxx_test_file_mode(FOLDER "/reset"), 0200);
}

static void attributes_go_with_the_binding(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_FILE(test, "/sys/bus");

	char text[64];
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());
	auto pdev = KUNIT_ASSERT_VALUE(test, make_device());

	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/value", text, sizeof(text)), 2);
	kxx_test_device_release_driver(pdev->dev().raw());
	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/value", text, sizeof(text)), -KXX_ENOENT);
	KUNIT_EXPECT_EQ(test, kxx_test_device_attach(pdev->dev().raw()), 1);
	KUNIT_EXPECT_EQ(test, kxx_test_read_file(FOLDER "/value", text, sizeof(text)), 2);
}

static void driver_is_told_which_entry_matched(struct kunit *test) KXX_MAY_SLEEP
{
	auto driver = KUNIT_ASSERT_VALUE(test, Watched::make());

	{
		auto made = make_device();

		KUNIT_EXPECT_TRUE(test, made);
		KUNIT_EXPECT_EQ(test, watched::Driver::matched, 1);
	}
	{
		auto made = make_device("kxx_other");

		KUNIT_EXPECT_TRUE(test, made);
		KUNIT_EXPECT_EQ(test, watched::Driver::matched, 2);
	}
	{
		/* The table of another driver matches the device; this driver's does not. */
		auto stranger = KUNIT_ASSERT_VALUE(test, make_device("kxx_least"));

		{
			auto other = ModuleDriver<least>::make();

			KUNIT_EXPECT_TRUE(test, other);
			KUNIT_EXPECT_TRUE(test, is_bound(*stranger));
		}
		KUNIT_EXPECT_TRUE(test, watched::driver.device_driver_attach(*stranger));
		KUNIT_EXPECT_EQ(test, watched::Driver::matched, 0);
	}
	trace.take();
	expect_nothing_left(test);
}

static void platform_data_is_a_copy(struct kunit *test) KXX_MAY_SLEEP
{
	int data = 4711;
	auto pdev = KUNIT_ASSERT_VALUE(
		test, PlatformDevice::register_full({ .name = "kxx_watched" }, data));
	const int *copy = pdev->get_platdata<int>();

	data++;
	KUNIT_EXPECT_TRUE(test, copy && *copy == data - 1);
	/* Without an id, the name has no number. */
	KUNIT_EXPECT_STREQ(test, pdev->dev().name(), "kxx_watched");
}

KXX_KUNIT_SUITE(kxx_kunit_driver_model, "kxx_driver_model",
		KXX_KUNIT_CASE(device_of_a_registered_driver_is_bound),
		KXX_KUNIT_CASE(driver_finds_the_device_that_was_there_before),
		KXX_KUNIT_CASE(probe_that_fails_leaves_the_device_unbound),
		KXX_KUNIT_CASE(probe_that_defers_is_called_again),
		KXX_KUNIT_CASE(deferred_device_can_go),
		KXX_KUNIT_CASE(unbinding_destroys_the_data_and_binding_makes_it),
		KXX_KUNIT_CASE(sysfs_unbinds_and_binds),
		KXX_KUNIT_CASE(driver_cannot_be_registered_twice),
		KXX_KUNIT_CASE(references_return_to_where_they_were),
		KXX_KUNIT_CASE(reference_can_be_handed_on),
		KXX_KUNIT_CASE(other_callbacks_have_the_data),
		KXX_KUNIT_CASE(callbacks_that_are_left_out_are_null),
		KXX_KUNIT_CASE(attributes_show_and_store), KXX_KUNIT_CASE(only_root_can_store),
		KXX_KUNIT_CASE(attributes_go_with_the_binding),
		KXX_KUNIT_CASE(driver_is_told_which_entry_matched),
		KXX_KUNIT_CASE(platform_data_is_a_copy));
