// SPDX-License-Identifier: GPL-2.0
/* atomic_kunit.cc - tests of <kxx/sync/atomic.hpp> */
#include <kxx/sync/atomic.hpp>

#include "../kunit.hpp"

using namespace kxx;

static void atomic_adds_and_subtracts(struct kunit *test)
{
	Atomic users{ 1 };

	users.add(3);
	users.inc();
	users.dec();
	KUNIT_EXPECT_EQ(test, users.read(), 4);
	users.add(-5);
	KUNIT_EXPECT_EQ(test, users.read(), -1);
}

static void only_the_last_of_dec_and_test_is_true(struct kunit *test)
{
	Atomic users{ 2 };

	KUNIT_EXPECT_FALSE(test, users.dec_and_test());
	KUNIT_EXPECT_TRUE(test, users.dec_and_test());
	KUNIT_EXPECT_FALSE(test, users.dec_and_test());
}

static void atomic64_counts_beyond_32_bits(struct kunit *test)
{
	constexpr s64 large = s64{ 1 } << 40;
	Atomic64 bytes{ 0 };

	bytes.add(large);
	bytes.sub(1);
	KUNIT_EXPECT_EQ(test, bytes.read(), large - 1);
	bytes.sub(large);
	KUNIT_EXPECT_EQ(test, bytes.read(), -1);
}

KXX_KUNIT_SUITE(kxx_kunit_atomic, "kxx_atomic", KXX_KUNIT_CASE(atomic_adds_and_subtracts),
		KXX_KUNIT_CASE(only_the_last_of_dec_and_test_is_true),
		KXX_KUNIT_CASE(atomic64_counts_beyond_32_bits));
