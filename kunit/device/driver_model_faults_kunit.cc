// SPDX-License-Identifier: GPL-2.0
/*
 * driver_model_faults_kunit.cc - binds a driver to a device, with each allocation failing in turn
 *
 * Needs failslab to fail allocations that may sleep: see NEEDS in scripts/kxx/suites.py.
 */
#include "device_lib.h"
#include "../kunit.hpp"
#include "../testlib.h"
#include "watched_driver.hpp"

using namespace kxx;

namespace {

/*
 * Registers the driver and the device while the @n-th allocation fails. Returns the steps that
 * succeeded: 0 none, 1 the driver, 2 the device but not its probe, 3 all; -1 is a bug.
 */
int steps(unsigned int n, bool &failed) KXX_MAY_SLEEP
{
	kxx_test_fail_nth(n);

	auto driver = ModuleDriver<watched::driver>::make();

	if (!driver) {
		failed = kxx_test_fail_nth_happened();
		return 0;
	}

	auto made = PlatformDevice::register_full({ .name = "kxx_watched", .id = 0 }, 0);

	failed = kxx_test_fail_nth_happened();
	if (!made)
		return made.error() == ENOMEM ? 1 : -1;

	Owned<PlatformDevice> pdev = std::move(made).value();

	if (kxx_test_device_is_bound(pdev->dev().raw()))
		return 3;
	/* The probe failed for lack of memory; with memory it must succeed. */
	return watched::driver.device_driver_attach(*pdev) ? 2 : -1;
}

} // namespace

static void each_allocation_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	int ended_at[4] = {};
	int module_references = kxx_test_module_references();
	bool failed = true;

	for (unsigned int n = 1; failed && n < 10000; n++) {
		int done = steps(n, failed);

		KUNIT_ASSERT_TRUE(test, done >= 0);
		ended_at[done]++;
		if (!failed)
			KUNIT_EXPECT_EQ(test, done, 3);
		KUNIT_EXPECT_EQ(test, watched::Data::alive, 0);
		KUNIT_EXPECT_EQ(test, watched::First::alive, 0);
		KUNIT_EXPECT_EQ(test, watched::Second::alive, 0);
		watched::trace.take();
	}
	KUNIT_EXPECT_FALSE(test, failed);
	for (int times : ended_at)
		KUNIT_EXPECT_TRUE(test, times > 0);
	KUNIT_EXPECT_EQ(test, kxx_test_module_references(), module_references);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_driver_model_faults, "kxx_driver_model_faults",
			   KXX_KUNIT_CASE(each_allocation_can_fail));
