/* SPDX-License-Identifier: GPL-2.0 */
/* faults.hpp - repeats an attempt, with another allocation failing each time */
#pragma once

#include "kunit.hpp"
#include "testlib.h"

namespace faults {

/**
 * expect_each_can_fail - repeats @attempt, with another allocation failing each time
 * @attempt: called as @attempt(n) for n = 1, 2, ..., with the n-th allocation failing
 * @look: called as @look(n, result) after each attempt, with fault injection off
 * @first, @step: the first n, and the distance to the next one: KUnit ends a case after 300 s, so a
 *                long one is split into @step cases
 *
 * Stops after the first attempt in which no allocation failed. At least one allocation must have
 * failed, that last attempt must succeed, and there must be fewer than 9999 attempts before it.
 * An earlier attempt may also succeed, since the kernel can do without some allocations.
 *
 * Returns: the number of attempts that failed.
 *
 * failslab must be configured to fail allocations that may sleep as well: see NEEDS in
 * scripts/kxx/suites.py.
 *
 * Context: process, may sleep.
 */
template <typename Attempt, typename Look>
unsigned int expect_each_can_fail(struct kunit *test, Attempt &&attempt, Look &&look,
				  unsigned int first = 1, unsigned int step = 1) KXX_MAY_SLEEP
{
	unsigned int injected = 0, refused = 0;
	bool happened = true;

	for (unsigned int n = first; happened && n < 10000; n += step) {
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

/* Overload for a caller that has nothing to check after each attempt. */
template <typename Attempt>
unsigned int expect_each_can_fail(struct kunit *test, Attempt &&attempt) KXX_MAY_SLEEP
{
	return expect_each_can_fail(test, attempt, [](unsigned int, const auto &) {});
}

} // namespace faults
