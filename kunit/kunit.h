/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kunit.h - <kunit/test.h> for suites written in C++; included from C and from C++
 *
 * A suite is a constant table in C++; kunit.c passes the tables to KUnit.
 */
#ifndef KXX_KUNIT_H
#define KXX_KUNIT_H

#include <kxx/glue/types.h>

struct kunit;

struct kxx_kunit_case {
	const char *name;
	void (*run)(struct kunit *test);
};

struct kxx_kunit_suite {
	const char *name;
	const struct kxx_kunit_case *cases;
	size_t nr_cases;
};

#ifndef __cplusplus
/* Kbuild lists in kxx-suites.h each KXX_KUNIT_SUITE() in the test files of a module. */
#define KXX_SUITE(suite, on_request) extern const struct kxx_kunit_suite suite;
#include <generated/kxx-suites.h>
#undef KXX_SUITE
#endif

KXX_BEGIN_DECLS
/*
 * Fail @test if the condition does not hold; return whether it does. @left, @right and @what are
 * the expressions as written in the test, at @file and @line.
 */
bool kxx_kunit_expect_true(struct kunit *test, bool holds, const char *what, const char *file,
			   int line);
bool kxx_kunit_expect_eq(struct kunit *test, s64 left, s64 right, const char *left_text,
			 const char *right_text, const char *file, int line);
bool kxx_kunit_expect_streq(struct kunit *test, const char *left, const char *right,
			    const char *file, int line);
void kxx_kunit_mark_skipped(struct kunit *test, const char *reason);
/* Returns the module parameter "rounds": the number of requests that a race test sends. */
unsigned int kxx_kunit_rounds(void);
KXX_END_DECLS

#endif
