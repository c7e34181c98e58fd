/* SPDX-License-Identifier: GPL-2.0 */
/* faults.hpp - an attempt that is made again and again, with another allocation failing each time */
#pragma once

#include "kunit.hpp"
#include "testlib.h"

namespace faults {

/**
 * expect_each_can_fail - calls @attempt(n), in which the n-th allocation fails, until none does
 * @look: @look(n, result) is called after each attempt, when nothing fails any more
 *
 * An allocation must have failed, and the last attempt, in which none did, must have succeeded.
 * An attempt may succeed although an allocation has failed: the kernel has some of its own, which
 * it can do without. Returns how many attempts did not succeed. Needs failslab to heed allocations
 * that may sleep, see faults.cc. Context: process, may sleep.
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
