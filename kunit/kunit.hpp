/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kunit.hpp - KUnit for C++: the macros of <kunit/test.h> under their own names
 *
 * An assertion that fails returns from the test, where KUnit's own would end
 * the thread and skip the destructors.
 *
 *     static void one_claim(struct kunit *test) { KUNIT_EXPECT_EQ(test, 1 + 1, 2); }
 *     KXX_KUNIT_SUITE(kxx_kunit_example, "kxx_example", KXX_KUNIT_CASE(one_claim));
 *
 * A case that is written but not listed does not compile (-Wunused-function).
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
		/* The condition itself, so that clang's analyses see it tested. */                \
		if (!(condition)) {                                                                \
			kxx_kunit_expect_true(test, false, #condition, __FILE__, __LINE__);        \
			return;                                                                    \
		}                                                                                  \
	} while (0)

/* The value of a Result, or the case fails here. For the whole value of a variable, as KXX_TRY. */
#define KUNIT_ASSERT_VALUE(test, ...)                                                              \
	({                                                                                         \
		auto kxx_result_ = (__VA_ARGS__);                                                  \
		if (!kxx_result_) {                                                                \
			kxx_kunit_expect_true(test, false, #__VA_ARGS__, __FILE__, __LINE__);      \
			return;                                                                    \
		}                                                                                  \
		std::move(kxx_result_);                                                            \
	}).value()

/* For what the machine lacks. Returns from the test. To scripts/tests/kunit it is a failure. */
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
/* Suites that are built in run before user space, which mounts file systems. */
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
/* For a suite that takes long, or needs a boot of its own. Kbuild sees which of the two it is. */
#define KXX_KUNIT_SUITE_ON_REQUEST(symbol, ...) KXX_KUNIT_SUITE(symbol, __VA_ARGS__)
