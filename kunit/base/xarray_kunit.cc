// SPDX-License-Identifier: GPL-2.0
/* xarray_kunit.cc - tests of <kxx/base/xarray.hpp> */
#include <kxx/base/xarray.hpp>
#include <kxx/sync/atomic.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

struct Entries {
	XArray<Box<unsigned long>> left;
	Atomic drained{ 0 };
	Atomic empty{ 0 };
};

} // namespace

static void entries_are_drained_once_by_several_tasks(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	static constexpr int nr = 4096;
	Entries entries;

	for (unsigned long i = 0; i < nr; i++) {
		auto entry = KUNIT_ASSERT_VALUE(test, Box<unsigned long>::make(GFP_KERNEL, i));

		KUNIT_ASSERT_TRUE(test, entries.left.insert(i, std::move(entry), GFP_KERNEL));
	}
	auto drain = [](void *data) KXX_MAY_SLEEP {
		auto &all = *static_cast<Entries *>(data);

		all.left.drain([&](Box<unsigned long> entry) {
			(entry.as_raw() ? all.drained : all.empty).inc();
		});
	};

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(drain, &entries) == 0);
	KUNIT_EXPECT_EQ(test, entries.drained.read(), nr);
	KUNIT_EXPECT_EQ(test, entries.empty.read(), 0);
}

KXX_KUNIT_SUITE(kxx_kunit_xarray, "kxx_xarray",
		KXX_KUNIT_CASE(entries_are_drained_once_by_several_tasks));
