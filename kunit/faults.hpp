/* SPDX-License-Identifier: GPL-2.0 */
/* faults.hpp - an attempt that is made again and again, with another allocation failing each time */
#pragma once

#include "kunit.hpp"
#include "testlib.h"

namespace faults {

/**
 * expect_each_can_fail - calls @attempt(1), @attempt(2), ...: the n-th allocation fails in @attempt(n)
 * @look: @look(n, result) is called after each attempt, with fault injection off
 *
 * Stops after the first attempt in which no allocation has failed; it is a failure if that is not
 * among the first 9999. At least one allocation must have failed, and the last attempt must
 * succeed. An earlier attempt may succeed too, since the kernel can do without some allocations.
 * Returns how many attempts failed. failslab must be set up to fail allocations that may sleep as
 * well: see NEEDS in scripts/kxx/suites.py.
 * Context: process, may sleep.
 */
template <typename Attempt, typename Look>
unsigned int expect_each_can_fail(struct kunit *test, Attempt &&attempt, Look &&look) KXX_MAY_SLEEP
{
	unsigned int injected = 0, refused = 0;
	bool happened = true;

	for (unsigned int n = 1; happened && n < 10000; n++) {
		kxx_test_fail_nth(n);

		auto result = attempt(n);

		happened = kxx_test_fail_nth_happened();
		injected += happened;
		refused += !result;
		if (!happened)
			KUNIT_EXPECT_TRUE(test, result);
		look(n, result);
	}
	KUNIT_EXPECT_TRUE(test, injected > 0);
	KUNIT_EXPECT_FALSE(test, happened);
	return refused;
}

/* The same, for an attempt of which the result is all. */
template <typename Attempt>
unsigned int expect_each_can_fail(struct kunit *test, Attempt &&attempt) KXX_MAY_SLEEP
{
	return expect_each_can_fail(test, attempt, [](unsigned int, const auto &) {});
}

} // namespace faults
