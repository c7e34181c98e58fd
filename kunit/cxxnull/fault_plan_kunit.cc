// SPDX-License-Identifier: GPL-2.0
/* fault_plan_kunit.cc - tests of src/cxxnull/fault_plan.hpp and stats.hpp */
#include "../../src/cxxnull/fault_plan.hpp"

#include <utility>

#include <kxx/mm/slab.hpp>

#include "../../src/cxxnull/stats.hpp"
#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;
using cxxnull::FaultPlan;
using cxxnull::Stats;

namespace {

struct Page {
	alignas(KXX_PAGE_SIZE) char text[KXX_PAGE_SIZE];
};

/* Checks that the plan prints as @shown. */
void expect_shown(struct kunit *test, FaultPlan &plan, const char *shown) KXX_MAY_SLEEP
{
	auto allocated = KUNIT_ASSERT_VALUE(test, Box<Page>::make(GFP_KERNEL));
	SysfsBuffer buffer(allocated->text);

	plan.show(buffer);
	KUNIT_EXPECT_STREQ(test, allocated->text, shown);
}

bool set(FaultPlan &plan, const char *text)
{
	const char *bad = nullptr;
	auto done = plan.set(text, 1, bad);

	plan.restart(1);
	return static_cast<bool>(done);
}

/* Asks the plan about @count requests; returns a bitmap of the requests that it fails. */
u64 met_of(FaultPlan &plan, ReqOp op, unsigned int count)
{
	u64 met = 0;

	for (unsigned int n = 0; n < count; n++)
		if (plan.meets(op, sector_t{ n } * 8, 8))
			met |= 1ull << n;
	return met;
}

unsigned int count_of(u64 bits)
{
	unsigned int count = 0;

	for (; bits; bits &= bits - 1)
		count++;
	return count;
}

} // namespace

static void plan_is_read_and_shown(struct kunit *test) KXX_MAY_SLEEP
{
	FaultPlan plan;

	KUNIT_EXPECT_TRUE(test,
			  set(plan, "read nth=3 medium\n\n  any  sectors=8-15  nospc always \n"
				    "# nothing\nzone_append chance=100 timeout once # why\n"));
	expect_shown(test, plan,
		     "read nth=3 medium once # met 0 of 0\n"
		     "any sectors=8-15 nospc always # met 0 of 0\n"
		     "zone_append chance=100 timeout once # met 0 of 0\n");
	/* The output of show() is valid input. */
	KUNIT_EXPECT_TRUE(test, set(plan, "read nth=3 medium once # met 0 of 0\n"));
	expect_shown(test, plan, "read nth=3 medium once # met 0 of 0\n");
	KUNIT_EXPECT_TRUE(test, set(plan, "\n"));
	expect_shown(test, plan, "");
}

static void bad_line_is_named_and_changes_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr const char *lines[] = {
		"reed nth=1 ioerr",
		"read",
		"read nth=1",
		"read nth=0 ioerr",
		"read nth=x ioerr",
		"read nth= ioerr",
		"read sectors=8 ioerr",
		"read sectors=-8 ioerr",
		"read sectors=8- ioerr",
		"read sectors=9-8 ioerr",
		"read sectors=8-9x ioerr",
		"read chance=0 ioerr",
		"read nth=1 failed",
		"read nth=1 ioerr never",
		"read nth=1 ioerr once 2",
		"read every=1 ioerr",
	};
	FaultPlan plan;

	KUNIT_EXPECT_TRUE(test, set(plan, "write nth=1 ioerr"));
	for (const char *line : lines) {
		const char *bad = nullptr;
		auto done = plan.set(line, 1, bad);

		KUNIT_EXPECT_TRUE(test, !done && done.error() == EINVAL);
		KUNIT_EXPECT_STREQ(test, bad, line);
	}

	const char *bad = nullptr;
	auto second = plan.set("read nth=1 ioerr\nbad\n", 1, bad);

	KUNIT_EXPECT_TRUE(test, !second);
	KUNIT_EXPECT_STREQ(test, bad, "bad\n");

	auto huge = plan.set("read nth=18446744073709551616 ioerr", 1, bad);

	KUNIT_EXPECT_TRUE(test, !huge && huge.error() == ERANGE);
	expect_shown(test, plan, "write nth=1 ioerr once # met 0 of 0\n");
}

static void sixteen_rules_are_the_most(struct kunit *test)
{
	char text[(FaultPlan::max_rules + 1) * 16 + 1] = {};
	constexpr char line[] = "any nth=1 ioerr\n";
	FaultPlan plan;

	static_assert(sizeof(line) == 17);
	for (unsigned int rule = 0; rule < FaultPlan::max_rules; rule++)
		for (unsigned int i = 0; i < 16; i++)
			text[rule * 16 + i] = line[i];
	KUNIT_EXPECT_TRUE(test, set(plan, text));
	for (unsigned int i = 0; i < 16; i++)
		text[FaultPlan::max_rules * 16 + i] = line[i];

	const char *bad = nullptr;
	auto done = plan.set(text, 1, bad);

	KUNIT_EXPECT_TRUE(test, !done && done.error() == ENOSPC);
}

static void nth_request_is_met_once_or_always(struct kunit *test) KXX_MAY_SLEEP
{
	FaultPlan plan;

	KUNIT_EXPECT_TRUE(test, set(plan, "read nth=3 medium"));
	KUNIT_EXPECT_EQ(test, met_of(plan, ReqOp::WRITE, 10), 0);
	KUNIT_EXPECT_EQ(test, met_of(plan, ReqOp::READ, 10), 1 << 2);
	expect_shown(test, plan, "read nth=3 medium once # met 1 of 10\n");
	plan.restart(1);
	KUNIT_EXPECT_EQ(test, met_of(plan, ReqOp::READ, 10), 1 << 2);
	KUNIT_EXPECT_TRUE(test, set(plan, "any nth=3 medium always"));
	KUNIT_EXPECT_EQ(test, met_of(plan, ReqOp::READ, 10), 1 << 2 | 1 << 5 | 1 << 8);
}

static void sectors_are_met_where_they_overlap(struct kunit *test)
{
	FaultPlan plan;

	KUNIT_EXPECT_TRUE(test, set(plan, "write sectors=8-15 nospc always"));
	KUNIT_EXPECT_TRUE(test, !plan.meets(ReqOp::WRITE, 0, 8));
	KUNIT_EXPECT_TRUE(test, plan.meets(ReqOp::WRITE, 0, 9) == BlkStatus::NOSPC);
	KUNIT_EXPECT_TRUE(test, plan.meets(ReqOp::WRITE, 15, 1) == BlkStatus::NOSPC);
	KUNIT_EXPECT_TRUE(test, !plan.meets(ReqOp::WRITE, 16, 8));
	KUNIT_EXPECT_TRUE(test, plan.meets(ReqOp::WRITE, 0, 100) == BlkStatus::NOSPC);
	KUNIT_EXPECT_TRUE(test, !plan.meets(ReqOp::READ, 8, 8));
	/* A flush has no sectors, so a rule for sectors must not fail it. */
	KUNIT_EXPECT_TRUE(test, set(plan, "any sectors=0-15 nospc once"));
	KUNIT_EXPECT_TRUE(test, !plan.meets(ReqOp::FLUSH, 0, 0));
	KUNIT_EXPECT_TRUE(test, plan.meets(ReqOp::READ, 8, 8) == BlkStatus::NOSPC);
	KUNIT_EXPECT_TRUE(test, !plan.meets(ReqOp::READ, 8, 8));
}

static void first_rule_counts_and_all_of_them_ask(struct kunit *test) KXX_MAY_SLEEP
{
	FaultPlan plan;

	KUNIT_EXPECT_TRUE(test,
			  set(plan, "any nth=2 medium\nread nth=2 timeout\nread nth=3 target"));
	KUNIT_EXPECT_TRUE(test, !plan.meets(ReqOp::READ, 0, 8));
	KUNIT_EXPECT_TRUE(test, plan.meets(ReqOp::READ, 0, 8) == BlkStatus::MEDIUM);
	KUNIT_EXPECT_TRUE(test, plan.meets(ReqOp::READ, 0, 8) == BlkStatus::TARGET);
	expect_shown(test, plan,
		     "any nth=2 medium once # met 1 of 3\n"
		     "read nth=2 timeout once # met 0 of 3\n"
		     "read nth=3 target once # met 1 of 3\n");
}

static void same_seed_gives_the_same_failures(struct kunit *test)
{
	FaultPlan plan;
	unsigned int met = 0;

	KUNIT_EXPECT_TRUE(test, set(plan, "any chance=4 ioerr always"));

	u64 first = met_of(plan, ReqOp::READ, 64);

	plan.restart(1);
	KUNIT_EXPECT_EQ(test, met_of(plan, ReqOp::READ, 64), first);
	plan.restart(2);
	KUNIT_EXPECT_TRUE(test, met_of(plan, ReqOp::READ, 64) != first);

	plan.restart(1);
	for (int i = 0; i < 100; i++)
		met += count_of(met_of(plan, ReqOp::READ, 64));
	/* Expects 1600 failures; the standard deviation is 35, so allow 5 times that. */
	KUNIT_EXPECT_TRUE(test, met > 1425 && met < 1775);

	/* The second rule must fail requests that the first one does not. */
	KUNIT_EXPECT_TRUE(test,
			  set(plan, "read chance=4 ioerr always\nread chance=4 medium always"));

	unsigned int second = 0;

	for (unsigned int n = 0; n < 64; n++)
		second += plan.meets(ReqOp::READ, 0, 8) == BlkStatus::MEDIUM;
	KUNIT_EXPECT_TRUE(test, second > 2);
}

static void plan_that_is_set_begins_with_its_seed(struct kunit *test)
{
	constexpr char text[] = "any chance=4 ioerr always";
	const char *bad = nullptr;
	FaultPlan plan;

	KUNIT_EXPECT_TRUE(test, set(plan, text));

	u64 first = met_of(plan, ReqOp::READ, 64);

	KUNIT_EXPECT_TRUE(test, plan.set(text, 1, bad));
	KUNIT_EXPECT_EQ(test, met_of(plan, ReqOp::READ, 64), first);
	KUNIT_EXPECT_TRUE(test, plan.set(text, 2, bad));
	KUNIT_EXPECT_TRUE(test, met_of(plan, ReqOp::READ, 64) != first);
}

namespace {

/* One CPU sets plans that fail one request each, and waits for that. All CPUs send requests. */
struct Setters {
	static constexpr int rounds = 500;

	FaultPlan plan;
	Atomic has_setter{ 0 }, met{ 0 };

	static void run(void *data)
	{
		auto &setters = *static_cast<Setters *>(data);
		const char *bad = nullptr;
		int nobody = 0;
		bool sets = setters.has_setter.try_cmpxchg_acquire(nobody, 1);

		for (int round = 0; round < rounds; round++) {
			if (sets && !setters.plan.set("read nth=1 ioerr", 1, bad))
				return;
			do {
				if (setters.plan.meets(ReqOp::READ, 0, 8))
					setters.met.inc();
			} while (sets && setters.met.read() <= round);
		}
	}
};

} // namespace

static void rule_that_is_set_under_load_meets_one_request(struct kunit *test) KXX_MAY_SLEEP
{
	auto setters = KUNIT_ASSERT_VALUE(test, Box<Setters>::make(GFP_KERNEL));

	setters->plan.restart(1);
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Setters::run, setters.as_raw()), 0);
	KUNIT_EXPECT_EQ(test, setters->met.read(), Setters::rounds);
}

namespace {

struct Askers {
	FaultPlan plan;
	Atomic met{ 0 };

	static void run(void *data)
	{
		auto &askers = *static_cast<Askers *>(data);

		for (int i = 0; i < 1000; i++)
			if (askers.plan.meets(ReqOp::READ, 0, 8))
				askers.met.inc();
	}
};

} // namespace

static void cpus_share_the_count(struct kunit *test) KXX_MAY_SLEEP
{
	auto askers = KUNIT_ASSERT_VALUE(test, Box<Askers>::make(GFP_KERNEL));
	int cpus = static_cast<int>(kxx_test_nr_online_cpus());

	KUNIT_EXPECT_TRUE(test, set(askers->plan, "read nth=10 ioerr always"));
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Askers::run, askers.as_raw()), 0);
	KUNIT_EXPECT_EQ(test, askers->met.read(), cpus * 100);
}

static void stats_count_by_operation(struct kunit *test) KXX_MAY_SLEEP
{
	auto stats = KUNIT_ASSERT_VALUE(test, Box<Stats>::make(GFP_KERNEL));
	char text[512] = {};
	auto show = [&] {
		kxx_test_show(
			text, sizeof(text),
			[](struct seq_file *file, void *data) {
				SeqFile seq(file);

				static_cast<Stats *>(data)->show(seq);
			},
			stats.as_raw());
	};

	KUNIT_EXPECT_FALSE(test, stats->enabled());
	stats->enable(true);
	KUNIT_EXPECT_TRUE(test, stats->enabled());
	stats->count(ReqOp::READ, 4096, BlkStatus::OK);
	stats->count(ReqOp::READ, 512, BlkStatus::OK);
	stats->count(ReqOp::WRITE, 4096, BlkStatus::MEDIUM);
	stats->injected(ReqOp::WRITE);
	stats->count(ReqOp::ZONE_RESET_ALL, 0, BlkStatus::OK);
	/* An operation that Stats does not name is counted as "other". */
	// NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the block layer has more.
	stats->count(static_cast<ReqOp>(77), 0, BlkStatus::NOTSUPP);
	show();
	KUNIT_EXPECT_STREQ(
		test, text,
		"op                 requests                bytes       errors     injected\n"
		"read                      2                 4608            0            0\n"
		"write                     1                    0            1            1\n"
		"zone_reset_all            1                    0            0            0\n"
		"other                     1                    0            1            0\n");
	stats->reset();
	show();
	KUNIT_EXPECT_STREQ(
		test, text,
		"op                 requests                bytes       errors     injected\n");
}

KXX_KUNIT_SUITE(kxx_kunit_fault_plan, "cxxnull_fault_plan", KXX_KUNIT_CASE(plan_is_read_and_shown),
		KXX_KUNIT_CASE(bad_line_is_named_and_changes_nothing),
		KXX_KUNIT_CASE(sixteen_rules_are_the_most),
		KXX_KUNIT_CASE(nth_request_is_met_once_or_always),
		KXX_KUNIT_CASE(sectors_are_met_where_they_overlap),
		KXX_KUNIT_CASE(first_rule_counts_and_all_of_them_ask),
		KXX_KUNIT_CASE(same_seed_gives_the_same_failures),
		KXX_KUNIT_CASE(plan_that_is_set_begins_with_its_seed),
		KXX_KUNIT_CASE(rule_that_is_set_under_load_meets_one_request),
		KXX_KUNIT_CASE(cpus_share_the_count), KXX_KUNIT_CASE(stats_count_by_operation));
