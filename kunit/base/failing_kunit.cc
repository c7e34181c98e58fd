// SPDX-License-Identifier: GPL-2.0
/* failing_kunit.cc - an assertion that fails, to see what a debugger shows of it */
#include "../kunit.hpp"

static void account_is_not_overdrawn(struct kunit *test)
{
	int balance = -7;

	/* Hides from GCC what it is. */
	asm volatile("" : "+r"(balance));
	KUNIT_EXPECT_TRUE(test, balance >= 0);
	/* Until here it is in a register, for the debugger to show. */
	KUNIT_EXPECT_EQ(test, balance, -7);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_failing, "kxx_failing",
			   KXX_KUNIT_CASE(account_is_not_overdrawn));
