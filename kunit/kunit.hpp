/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kunit.hpp - the macros of <kunit/test.h>, for C++
 *
 * An assertion that fails returns from the test, so that destructors run. KUnit's own assertion
 * would end the thread instead.
 *
 *     static void one_claim(struct kunit *test) { KUNIT_EXPECT_EQ(test, 1 + 1, 2); }
 *     KXX_KUNIT_SUITE(kxx_kunit_example, "kxx_example", KXX_KUNIT_CASE(one_claim));
 *
 * A case that is defined but not listed in a suite does not compile (-Wunused-function).
 */
#pragma once

#include "kunit.h"
#include "testlib.h"

#define KUNIT_EXPECT_TRUE(test, condition)                                                         \
	kxx_kunit_expect_true(test, static_cast<bool>(condition), #condition, __FILE__, __LINE__)
#define KUNIT_EXPECT_FALSE(test, condition)                                                        \
	kxx_kunit_expect_true(test, !(condition), "!(" #condition ")", __FILE__, __LINE__)
#define KUNIT_EXPECT_EQ(test, left, right)                                                         \
	kxx_kunit_expect_eq(test, static_cast<s64>(left), static_cast<s64>(right), #left, #right,  \
			    __FILE__, __LINE__)
#define KUNIT_EXPECT_STREQ(test, left, right)                                                      \
	kxx_kunit_expect_streq(test, left, right, __FILE__, __LINE__)

#define KUNIT_ASSERT_TRUE(test, condition)                                                         \
	do {                                                                                       \
		/* Test the condition here, so that clang's analyses see the check. */             \
		if (!(condition)) {                                                                \
			kxx_kunit_expect_true(test, false, #condition, __FILE__, __LINE__);        \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/*
 * Evaluates to the value of a Result, or fails the case and returns. As with KXX_TRY(), do not use
 * it in a braced initializer: GCC would not destroy the members that were built before the return.
 */
#define KUNIT_ASSERT_VALUE(test, ...)                                                              \
	({                                                                                         \
		auto kxx_result_ = (__VA_ARGS__);                                                  \
		if (!kxx_result_) {                                                                \
			kxx_kunit_expect_true(test, false, #__VA_ARGS__, __FILE__, __LINE__);      \
			return;                                                                    \
		}                                                                                  \
		std::move(kxx_result_);                                                            \
	}).value()

/*
 * Skips the test if the machine lacks something that the test needs, and returns from the test.
 * scripts/tests/kunit counts a skipped test as a failure, except a test that needs two CPUs on the
 * kernel that has only one.
 */
#define kunit_skip(test, reason)                                                                   \
	do {                                                                                       \
		kxx_kunit_mark_skipped(test, reason);                                              \
		return;                                                                            \
	} while (0)
#define KXX_KUNIT_NEEDS_CPUS(test, nr)                                                             \
	do {                                                                                       \
		if (kxx_test_nr_online_cpus() < (nr))                                              \
			kunit_skip(test, "needs " #nr " CPUs");                                    \
	} while (0)
/* Built-in suites run before user space mounts file systems, so the file may be missing. */
#define KXX_KUNIT_NEEDS_FILE(test, path)                                                           \
	do {                                                                                       \
		if (!kxx_test_has_file(path))                                                      \
			kunit_skip(test, "needs " path);                                           \
	} while (0)

#define KXX_KUNIT_CASE(function) { #function, function }
#define KXX_KUNIT_SUITE(symbol, suite_name, ...)                                                   \
	static constexpr struct kxx_kunit_case symbol##_cases[] = { __VA_ARGS__ };                 \
	extern "C" __visible const struct kxx_kunit_suite symbol;                                  \
	constinit const struct kxx_kunit_suite symbol = {                                          \
		suite_name, symbol##_cases, sizeof(symbol##_cases) / sizeof(symbol##_cases[0])     \
	}
/*
 * Defines a suite that runs only on request, because it takes long or needs a boot of its own.
 * Kbuild greps for the name of the macro to tell the two kinds apart.
 */
#define KXX_KUNIT_SUITE_ON_REQUEST(symbol, ...) KXX_KUNIT_SUITE(symbol, __VA_ARGS__)
