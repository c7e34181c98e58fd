// SPDX-License-Identifier: GPL-2.0
/*
 * fault_inject_kunit.cc - tests of <kxx/base/fault-inject.hpp>; injection.guest tests its
 * configfs group
 */
#include <kxx/base/fault-inject.hpp>

#include "../kunit.hpp"

using namespace kxx;

namespace {

int failures_of(FaultAttr &attr, int asked)
{
	int failed = 0;

	for (int i = 0; i < asked; i++)
		failed += attr.should_fail();
	return failed;
}

} // namespace

static void nothing_fails_until_it_is_set_up(struct kunit *test)
{
	FaultAttr attr;

	KUNIT_EXPECT_EQ(test, failures_of(attr, 100), 0);
	KUNIT_EXPECT_TRUE(test, attr.setup("1,0,0,-1"));
	KUNIT_EXPECT_EQ(test, failures_of(attr, 100), 0);
}

static void bad_text_is_einval_and_changes_nothing(struct kunit *test)
{
	FaultAttr attr;

	KUNIT_EXPECT_TRUE(test, attr.setup("1,100,0,-1"));
	for (const char *text : { "", "1", "1,2,3", "a,b,c,d" }) {
		auto done = attr.setup(text);

		KUNIT_EXPECT_TRUE(test, !done && done.error() == EINVAL);
	}
	KUNIT_EXPECT_EQ(test, failures_of(attr, 10), 10);
}

static void fails_as_often_as_it_was_told(struct kunit *test)
{
	FaultAttr times, interval, space;

	KUNIT_EXPECT_TRUE(test, times.setup("1,100,0,3"));
	KUNIT_EXPECT_EQ(test, failures_of(times, 10), 3);
	KUNIT_EXPECT_TRUE(test, interval.setup("4,100,0,-1"));
	KUNIT_EXPECT_EQ(test, failures_of(interval, 12), 3);
	/*
	 * "space" = 7: should_fail() decrements it by one per call and fails nothing until it is
	 * 1, so the last 4 of 10 calls fail.
	 */
	KUNIT_EXPECT_TRUE(test, space.setup("1,100,7,-1"));
	KUNIT_EXPECT_EQ(test, failures_of(space, 10), 4);
}

KXX_KUNIT_SUITE(kxx_kunit_fault_inject, "kxx_fault_inject",
		KXX_KUNIT_CASE(nothing_fails_until_it_is_set_up),
		KXX_KUNIT_CASE(bad_text_is_einval_and_changes_nothing),
		KXX_KUNIT_CASE(fails_as_often_as_it_was_told));
