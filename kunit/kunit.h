/* SPDX-License-Identifier: GPL-2.0 */
/*
 * kunit.h - <kunit/test.h> for suites written in C++: for both sides
 *
 * A suite is a constant table in C++; kunit.c hands the tables to KUnit.
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
	/* Only run when asked for by name. */
	bool on_request;
};

KXX_BEGIN_DECLS
extern __visible const struct kxx_kunit_suite kxx_kunit_badblocks;
extern __visible const struct kxx_kunit_suite kxx_kunit_badblocks_faults;
extern __visible const struct kxx_kunit_suite kxx_kunit_blk_mq;
extern __visible const struct kxx_kunit_suite kxx_kunit_blk_mq_ops;
extern __visible const struct kxx_kunit_suite kxx_kunit_blkdev;
extern __visible const struct kxx_kunit_suite kxx_kunit_cache;
extern __visible const struct kxx_kunit_suite kxx_kunit_cache_faults;
extern __visible const struct kxx_kunit_suite kxx_kunit_data_race;
extern __visible const struct kxx_kunit_suite kxx_kunit_driver_model;
extern __visible const struct kxx_kunit_suite kxx_kunit_driver_model_faults;
extern __visible const struct kxx_kunit_suite kxx_kunit_drm_mm;
extern __visible const struct kxx_kunit_suite kxx_kunit_drm_mm_examples;
extern __visible const struct kxx_kunit_suite kxx_kunit_drm_mm_faults;
extern __visible const struct kxx_kunit_suite kxx_kunit_drm_mm_model;
extern __visible const struct kxx_kunit_suite kxx_kunit_drm_mm_scan;
extern __visible const struct kxx_kunit_suite kxx_kunit_err;
extern __visible const struct kxx_kunit_suite kxx_kunit_fault_inject;
extern __visible const struct kxx_kunit_suite kxx_kunit_fault_plan;
extern __visible const struct kxx_kunit_suite kxx_kunit_faults;
extern __visible const struct kxx_kunit_suite kxx_kunit_nowait_faults;
extern __visible const struct kxx_kunit_suite kxx_kunit_idr;
extern __visible const struct kxx_kunit_suite kxx_kunit_irqflags;
extern __visible const struct kxx_kunit_suite kxx_kunit_latency;
extern __visible const struct kxx_kunit_suite kxx_kunit_local_lock;
extern __visible const struct kxx_kunit_suite kxx_kunit_lockdep;
extern __visible const struct kxx_kunit_suite kxx_kunit_mutex;
extern __visible const struct kxx_kunit_suite kxx_kunit_owning_mm;
extern __visible const struct kxx_kunit_suite kxx_kunit_report;
extern __visible const struct kxx_kunit_suite kxx_kunit_request_list;
extern __visible const struct kxx_kunit_suite kxx_kunit_request_race;
extern __visible const struct kxx_kunit_suite kxx_kunit_shared_mm;
extern __visible const struct kxx_kunit_suite kxx_kunit_shared_requests;
extern __visible const struct kxx_kunit_suite kxx_kunit_spinlock;
extern __visible const struct kxx_kunit_suite kxx_kunit_store;
extern __visible const struct kxx_kunit_suite kxx_kunit_throttle;
extern __visible const struct kxx_kunit_suite kxx_kunit_wait;
extern __visible const struct kxx_kunit_suite kxx_kunit_zones;
extern __visible const struct kxx_kunit_suite kxx_kunit_zones_faults;

/* @left, @right, @what: as written in the test, at @file and @line. True if it holds. */
bool kxx_kunit_expect_true(struct kunit *test, bool holds, const char *what, const char *file,
			   int line);
bool kxx_kunit_expect_eq(struct kunit *test, s64 left, s64 right, const char *left_text,
			 const char *right_text, const char *file, int line);
bool kxx_kunit_expect_streq(struct kunit *test, const char *left, const char *right,
			    const char *file, int line);
/* How often a race is to be run. */
unsigned int kxx_kunit_rounds(void);
KXX_END_DECLS

#endif
