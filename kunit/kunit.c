// SPDX-License-Identifier: GPL-2.0
/*
 * kunit.c - registers the C++ suites with KUnit
 *
 * The module kxx_kunit runs the suites when it is loaded. If this file is built in, KUnit runs the
 * suites at boot. This file is C and compiled without LTO, as is every file with module_init().
 */
#include <kunit/test.h>
#include <linux/glob.h>
#include <linux/init.h>
#include <linux/init_syscalls.h>
#include <linux/initrd.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../src/glue/compat.h"
#include "kunit.h"

static char *suite[64];
static unsigned int nr_globs;
static char *only = "";
#ifdef MODULE
module_param_array(suite, charp, &nr_globs, 0444);
MODULE_PARM_DESC(suite, "Run only these suites, globs. Default: all but those that are for a boot of their own");

module_param_named(case, only, charp, 0444);
MODULE_PARM_DESC(case, "Run only this case of the suites. Default: all");
#endif

static unsigned int rounds = 20000;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "Requests of kxx_request_race. Default: 20000");

static const struct {
	const struct kxx_kunit_suite *suite;
	/* Suites with on_request run only if the parameter "suite" names them. */
	bool on_request;
} tables[] = {
#define KXX_SUITE(suite, on_request) { &(suite), on_request },
#include <generated/kxx-suites.h>
#undef KXX_SUITE
};

#ifdef MODULE
static struct kunit_suite *suites[ARRAY_SIZE(tables)];
#else
/* Has a member of one byte for each suite that runs by default, so its size is their number. */
struct kxx_suites_by_default {
#define KXX_SUITE(suite, on_request) bool suite[!(on_request)];
#include <generated/kxx-suites.h>
#undef KXX_SUITE
};

/*
 * KUnit runs all pointers in this section after all initcalls, as one array. Without __aligned(),
 * the compiler may align a large array more strictly, and KUnit would find NULL pointers in the
 * gap before this array.
 */
static struct kunit_suite *suites[sizeof(struct kxx_suites_by_default)] __used
	__section(".kunit_test_suites") __aligned(sizeof(void *));
#endif
static int nr_suites;

bool kxx_kunit_expect_true(struct kunit *test, bool holds, const char *what, const char *file,
			   int line)
{
	KUNIT_EXPECT_TRUE_MSG(test, holds, "%s:%d: %s", file, line, what);
	return holds;
}

bool kxx_kunit_expect_eq(struct kunit *test, s64 left, s64 right, const char *left_text,
			 const char *right_text, const char *file, int line)
{
	KUNIT_EXPECT_EQ_MSG(test, left, right, "%s:%d: %s == %s", file, line, left_text,
			    right_text);
	return left == right;
}

bool kxx_kunit_expect_streq(struct kunit *test, const char *left, const char *right,
			    const char *file, int line)
{
	KUNIT_EXPECT_STREQ_MSG(test, left, right, "%s:%d", file, line);
	return !strcmp(left, right);
}

void kxx_kunit_mark_skipped(struct kunit *test, const char *reason)
{
	kunit_mark_skipped(test, "%s", reason);
}

unsigned int kxx_kunit_rounds(void)
{
	return rounds;
}

static struct kunit_suite *make_suite(const struct kxx_kunit_suite *table)
{
	const struct kunit_case template = KUNIT_CASE(NULL);
	struct kunit_suite *made = kzalloc(sizeof(*made), GFP_KERNEL);
	struct kunit_case *cases = kcalloc(table->nr_cases + 1, sizeof(*cases), GFP_KERNEL);
	size_t i, n = 0;

	if (!made || !cases) {
		kfree(made);
		kfree(cases);
		return NULL;
	}
	for (i = 0; i < table->nr_cases; i++) {
		if (*only && strcmp(only, table->cases[i].name))
			continue;
		cases[n] = template;
		cases[n].run_case = table->cases[i].run;
		cases[n].name = table->cases[i].name;
		n++;
	}
	/* KUnit declares the name const, since other users define their suites at compile time. */
	strscpy((char *)made->name, table->name, sizeof(made->name));
	made->test_cases = cases;
	return made;
}

static void free_suites(void)
{
	while (nr_suites--) {
		kfree(suites[nr_suites]->test_cases);
		kfree(suites[nr_suites]);
	}
}

static bool is_wanted(size_t i)
{
	unsigned int n;

	for (n = 0; n < nr_globs; n++)
		if (glob_match(suite[n], tables[i].suite->name))
			return true;
	return !nr_globs && !tables[i].on_request;
}

static int run_suites(void)
{
#ifdef MODULE
	/* Prints the KTAP header, as KUnit does for built-in suites. */
	pr_info("KTAP version 1\n");
	pr_info("1..%d\n", nr_suites);
	return kxx_compat_kunit_test_suites_init(suites, nr_suites);
#else
	return 0;
#endif
}

/*
 * Built-in suites run before user space mounts any file system, so mount devtmpfs and sysfs here.
 * Cases that need a file are skipped if mounting fails (KXX_KUNIT_NEEDS_FILE).
 */
static void __init mount_file_systems(void)
{
#ifndef MODULE
	wait_for_initramfs();
	/* The initramfs may have /sys already. If there is none, the mount fails. */
	init_mkdir("/sys", 0755);
	if (init_mount("devtmpfs", "/dev", "devtmpfs", 0, NULL) ||
	    init_mount("sysfs", "/sys", "sysfs", 0, NULL))
		pr_info("kxx_kunit: no devtmpfs at /dev, or no sysfs at /sys\n");
#endif
}

static int __init kxx_kunit_init(void)
{
	size_t i;
	int err = 0;

	mount_file_systems();
	for (i = 0; !err && i < ARRAY_SIZE(tables); i++) {
		if (!is_wanted(i))
			continue;
		suites[nr_suites] = make_suite(tables[i].suite);
		if (suites[nr_suites])
			nr_suites++;
		else
			err = -ENOMEM;
	}
	if (!err && !nr_suites) {
		pr_err("kxx_kunit: suite=%s: there is none of that name\n", suite[0]);
		err = -EINVAL;
	}
	if (!err)
		err = run_suites();
	if (err)
		free_suites();
	return err;
}

static void __exit kxx_kunit_exit(void)
{
	__kunit_test_suites_exit(suites, nr_suites);
	free_suites();
}

module_init(kxx_kunit_init);
module_exit(kxx_kunit_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of kxx");
