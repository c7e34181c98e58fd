// SPDX-License-Identifier: GPL-2.0
/* data_race_kunit.cc - a deliberate data race, to prove that KCSAN checks the suites */
#include "../kunit.hpp"
#include "../testlib.h"

namespace {

struct Counter {
	static void run(void *data)
	{
		auto &counter = *static_cast<Counter *>(data);

		for (int i = 0; i < 10'000'000; i++) {
			counter.value++;
			/* Keep the compiler from turning the loop into one addition. */
			kxx_test_cpu_relax();
		}
	}

	int value = 0;
};

} // namespace

static void counter_without_a_lock(struct kunit *test)
{
	Counter counter;

	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Counter::run, &counter), 0);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_data_race, "kxx_data_race",
			   KXX_KUNIT_CASE(counter_without_a_lock));
