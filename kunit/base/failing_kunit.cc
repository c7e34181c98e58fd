// SPDX-License-Identifier: GPL-2.0
/* failing_kunit.cc - an assertion that fails, for the test of the debugger (scripts/tests/debug) */
#include "../kunit.hpp"

static void account_is_not_overdrawn(struct kunit *test)
{
	int balance = -7;

	/* Hide the value from GCC, so that it cannot fold the condition. */
	asm volatile("" : "+r"(balance));
	KUNIT_EXPECT_TRUE(test, balance >= 0);
	/* Use the variable again, so that it is still in a register at the stop above. */
	KUNIT_EXPECT_EQ(test, balance, -7);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_failing, "kxx_failing",
			   KXX_KUNIT_CASE(account_is_not_overdrawn));
