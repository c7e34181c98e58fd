// SPDX-License-Identifier: GPL-2.0
/* latency_kunit.cc - tests of src/cxxnull/latency.hpp and random.hpp */
#include "../../src/cxxnull/latency.hpp"

#include <utility>

#include <kxx/mm/slab.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;
using cxxnull::Distribution;
using cxxnull::Latency;
using cxxnull::LatencyKind;

namespace {

constexpr u64 draws = 20000;

struct Page {
	alignas(KXX_PAGE_SIZE) char text[KXX_PAGE_SIZE];
};

/* Parses @text and checks that it prints as @shown. Returns false if @text is invalid. */
bool reads_as(const char *text, const char *shown, struct kunit *test) KXX_MAY_SLEEP
{
	auto parsed = Distribution::parse(text);
	auto page = Box<Page>::make(GFP_KERNEL);

	if (!parsed || !page)
		return false;

	auto allocated = std::move(page).value();
	SysfsBuffer buffer(allocated->text);

	std::move(parsed).value().show(buffer);
	return KUNIT_EXPECT_STREQ(test, allocated->text, shown);
}

} // namespace

static void text_is_read_and_shown(struct kunit *test) KXX_MAY_SLEEP
{
	KUNIT_EXPECT_TRUE(test, reads_as("constant", "constant\n", test));
	KUNIT_EXPECT_TRUE(test, reads_as("uniform 5 10\n", "uniform 5 10\n", test));
	KUNIT_EXPECT_TRUE(test, reads_as(" uniform\t7   7 ", "uniform 7 7\n", test));
	KUNIT_EXPECT_TRUE(test, reads_as("normal 1000 0", "normal 1000 0\n", test));
	KUNIT_EXPECT_TRUE(test, reads_as("bimodal 10 3600000000000 1000",
					 "bimodal 10 3600000000000 1000\n", test));
}

static void bad_text_is_refused(struct kunit *test)
{
	static constexpr const char *bad[] = {
		"",
		"fixed",
		"constant 1",
		"constantly",
		"uniform",
		"uniform 5",
		"uniform 5 4",
		"uniform 5 x",
		"uniform -1 4",
		"uniform 5 10 15",
		"uniform 5 3600000000001",
		"normal 10",
		"normal 3600000000001 1",
		"bimodal 1 2",
		"bimodal 1 2 1001",
		"uniform 1 2\nuniform 1 2",
	};

	for (const char *text : bad) {
		auto parsed = Distribution::parse(text);

		KUNIT_EXPECT_TRUE(test, !parsed && parsed.error() == EINVAL);
	}

	auto huge = Distribution::parse("uniform 1 18446744073709551616");

	KUNIT_EXPECT_TRUE(test, !huge && huge.error() == ERANGE);
}

static void uniform_is_flat_from_end_to_end(struct kunit *test)
{
	const Distribution distribution{ LatencyKind::UNIFORM, 1000, 1009 };
	unsigned int seen[10] = {};

	for (u64 n = 0; n < draws; n++) {
		u64 nsec = distribution.at(1, n);

		KUNIT_ASSERT_TRUE(test, nsec >= 1000 && nsec <= 1009);
		seen[nsec - 1000]++;
	}
	/* Allow 5 standard deviations. The seed is constant, so each run gives the same counts. */
	for (unsigned int count : seen)
		KUNIT_EXPECT_TRUE(test, count > draws / 10 - 210 && count < draws / 10 + 210);
}

static void normal_has_its_mean_and_deviation(struct kunit *test)
{
	const Distribution distribution{ LatencyKind::NORMAL, 100000, 10000 };
	s64 sum = 0, squares = 0;
	unsigned int within = 0;

	for (u64 n = 0; n < draws; n++) {
		s64 off = static_cast<s64>(distribution.at(1, n)) - 100000;

		sum += off;
		squares += off * off;
		within += off > -10000 && off < 10000;
	}
	/*
	 * The mean of this many draws has a standard deviation of 71; allow 5 times that. The
	 * variance must be within 5 %.
	 */
	KUNIT_EXPECT_TRUE(test, sum / static_cast<s64>(draws) > -355 &&
					sum / static_cast<s64>(draws) < 355);
	KUNIT_EXPECT_TRUE(test, squares / static_cast<s64>(draws) > 95000000 &&
					squares / static_cast<s64>(draws) < 105000000);
	/*
	 * 68.3 % of a normal distribution are within one deviation; of a uniform one with the
	 * same variance, 57.7 %.
	 */
	KUNIT_EXPECT_TRUE(test, within > draws * 67 / 100 && within < draws * 70 / 100);
}

static void normal_is_never_below_zero(struct kunit *test)
{
	const Distribution distribution{ LatencyKind::NORMAL, 0, Distribution::max_nsec };
	unsigned int zeroes = 0;

	for (u64 n = 0; n < draws; n++) {
		u64 nsec = distribution.at(1, n);

		KUNIT_ASSERT_TRUE(test, nsec <= 6 * Distribution::max_nsec);
		zeroes += !nsec;
	}
	KUNIT_EXPECT_TRUE(test, zeroes > draws * 48 / 100 && zeroes < draws * 52 / 100);
}

static void bimodal_has_its_tail(struct kunit *test)
{
	const Distribution distribution{ LatencyKind::BIMODAL, 10, 1000, 25 };
	const Distribution none{ LatencyKind::BIMODAL, 10, 1000, 0 };
	const Distribution all{ LatencyKind::BIMODAL, 10, 1000, 1000 };
	unsigned int slow = 0;

	for (u64 n = 0; n < draws; n++) {
		u64 nsec = distribution.at(1, n);

		KUNIT_ASSERT_TRUE(test, none.at(1, n) == 10);
		KUNIT_ASSERT_TRUE(test, all.at(1, n) == 1000);
		KUNIT_ASSERT_TRUE(test, nsec == 10 || nsec == 1000);
		slow += nsec == 1000;
	}
	/* Expects 500; the standard deviation is 22, so allow 5 times that. */
	KUNIT_EXPECT_TRUE(test, slow > 390 && slow < 610);
}

static void same_seed_gives_the_same_times(struct kunit *test)
{
	const Distribution distribution{ LatencyKind::UNIFORM, 0, 1000000 };
	Latency first(distribution, 7), again(distribution, 7), other(distribution, 8);
	unsigned int same = 0;

	for (u64 n = 0; n < 1000; n++) {
		u64 nsec = first.next();

		KUNIT_ASSERT_TRUE(test, nsec == distribution.at(7, n));
		KUNIT_ASSERT_TRUE(test, again.next() == nsec);
		same += other.next() == nsec;
	}
	KUNIT_EXPECT_TRUE(test, same < 10);
}

KXX_KUNIT_SUITE(kxx_kunit_latency, "cxxnull_latency", KXX_KUNIT_CASE(text_is_read_and_shown),
		KXX_KUNIT_CASE(bad_text_is_refused),
		KXX_KUNIT_CASE(uniform_is_flat_from_end_to_end),
		KXX_KUNIT_CASE(normal_has_its_mean_and_deviation),
		KXX_KUNIT_CASE(normal_is_never_below_zero), KXX_KUNIT_CASE(bimodal_has_its_tail),
		KXX_KUNIT_CASE(same_seed_gives_the_same_times));
