// SPDX-License-Identifier: GPL-2.0
#include <kxx/block/badblocks.hpp>
#include <kxx/sync/atomic.hpp>

#include "../faults.hpp"
#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

/* The maximum number of ranges: the kernel keeps one page of entries. */
constexpr sector_t most = KXX_PAGE_SIZE / sizeof(u64);
constexpr sector_t longest = 512;
constexpr sector_t end = sector_t{ 1 } << 54;

struct Page {
	alignas(KXX_PAGE_SIZE) char text[KXX_PAGE_SIZE];
};

/* Returns true if the first bad range in [@first, @first + @sectors) is exactly @range. */
bool finds(BadBlocks &bad, const BadRange &range, sector_t first, sector_t sectors)
{
	auto found = bad.check(first, sectors);

	return found && found->first == range.first && found->sectors == range.sectors;
}

/* Marks every second sector as bad, which uses up all entries. */
Result<void> fill(BadBlocks &bad) KXX_MAY_SLEEP
{
	for (sector_t i = 0; i < most; i++)
		KXX_TRY(bad.set({ .first = 2 * i, .sectors = 1 }));
	return {};
}

/* Returns the length of the text of @bad, or a negative errno. */
int show(BadBlocks &bad, Page &page)
{
	SysfsBuffer buffer(page.text);

	bad.show(buffer);
	return buffer.length();
}

} // namespace

static void none_is_bad_at_first(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());
	auto page = KUNIT_ASSERT_VALUE(test, Box<Page>::make(GFP_KERNEL));

	KUNIT_EXPECT_FALSE(test, bad->check(0, 1 << 20));
	KUNIT_EXPECT_EQ(test, show(*bad, *std::move(page)), 0);
}

static void bad_sectors_are_found(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());
	BadRange first{ .first = 8, .sectors = 8 }, second{ .first = 100, .sectors = 1 };

	KUNIT_EXPECT_TRUE(test, bad->set(first));
	KUNIT_EXPECT_TRUE(test, bad->set(second));
	KUNIT_EXPECT_TRUE(test, finds(*bad, first, 0, 1000));
	KUNIT_EXPECT_TRUE(test, finds(*bad, first, 15, 1));
	KUNIT_EXPECT_TRUE(test, finds(*bad, second, 16, 85));
	KUNIT_EXPECT_FALSE(test, bad->check(0, 8));
	KUNIT_EXPECT_FALSE(test, bad->check(16, 84));
	KUNIT_EXPECT_FALSE(test, bad->check(101, 1000));
}

static void any_number_of_sectors_can_be_checked(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());
	BadRange range{ .first = 100, .sectors = 8 };

	KUNIT_EXPECT_TRUE(test, bad->set(range));
	/* For instance of a flush */
	KUNIT_EXPECT_FALSE(test, bad->check(104, 0));
	for (unsigned int bits = 9; bits < 64; bits++) {
		KUNIT_EXPECT_TRUE(test, finds(*bad, range, 0, 1ull << bits));
		KUNIT_EXPECT_TRUE(test, finds(*bad, range, 104, 1ull << bits));
		KUNIT_EXPECT_FALSE(test, bad->check(108, 1ull << bits));
	}
	KUNIT_EXPECT_TRUE(test, finds(*bad, range, 0, ~0ull));
}

static void range_over_others_is_bad_as_a_whole(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr BadRange others[] = {
		{ .first = 0, .sectors = 10 },
		{ .first = 20, .sectors = 10 },
		{ .first = 32, .sectors = 2 },
		{ .first = 300,
		  .sectors = 500 }, /* too long to become one entry with the new range */
	};
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	for (auto &other : others)
		KUNIT_EXPECT_TRUE(test, bad->set(other));
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 5, .sectors = 400 }));
	for (sector_t i = 0; i < 900; i++)
		KUNIT_EXPECT_EQ(test, !!bad->check(i, 1), i < 800);
	KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 0, .sectors = 800 }));
	KUNIT_EXPECT_FALSE(test, bad->check(0, 1000));
}

static void clear_ones_are_good_again(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 0, .sectors = 100 }));
	/* Clearing the middle of a range splits it. */
	KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 40, .sectors = 20 }));
	KUNIT_EXPECT_TRUE(test, finds(*bad, { .first = 0, .sectors = 40 }, 0, 100));
	KUNIT_EXPECT_FALSE(test, bad->check(40, 20));
	KUNIT_EXPECT_TRUE(test, finds(*bad, { .first = 60, .sectors = 40 }, 40, 60));
	bad->forget({ .first = 60, .sectors = 40 });
	KUNIT_EXPECT_FALSE(test, bad->check(40, 1000));
	/* Clearing good sectors changes nothing. */
	KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 500, .sectors = 1 }));
	KUNIT_EXPECT_TRUE(test, finds(*bad, { .first = 0, .sectors = 40 }, 0, 1000));
}

static void clear_enables_too(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 8, .sectors = 8 }));
	KUNIT_EXPECT_FALSE(test, bad->check(0, 100));
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 8, .sectors = 8 }));
	KUNIT_EXPECT_TRUE(test, bad->check(0, 100));
}

static void full_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	KUNIT_EXPECT_TRUE(test, fill(*bad));
	KUNIT_EXPECT_EQ(test, bad->set({ .first = 4 * most, .sectors = 1 }).to_errno(),
			ENOSPC.to_errno());
	KUNIT_EXPECT_FALSE(test, bad->check(4 * most, 1));
	KUNIT_EXPECT_TRUE(test, bad->check(2 * most - 2, 1));
	/* One entry is free again. */
	KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 0, .sectors = 1 }));
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 4 * most, .sectors = 1 }));
}

static void split_without_room_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	sector_t last = 4 * most;

	KUNIT_EXPECT_TRUE(test, fill(*bad));
	KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 0, .sectors = 1 }));
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = last, .sectors = 3 }));
	KUNIT_EXPECT_EQ(test, bad->clear({ .first = last + 1, .sectors = 1 }).to_errno(),
			ENOSPC.to_errno());
	KUNIT_EXPECT_TRUE(test, bad->check(last + 1, 1));
}

/* A full list may take a range that needs no new entry, but must not claim that for others. */
static void set_without_room_succeeds_only_if_all_is_bad(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr BadRange ranges[] = {
		{ .first = 100, .sectors = 350 }, /* begins before the first entry */
		{ .first = 450, .sectors = 512 }, /* needs more than one entry can hold */
		{ .first = 900, .sectors = 200 }, /* may begin in an entry that cannot grow */
	};
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 400, .sectors = 100 }));
	for (sector_t i = 1; i < most; i++)
		KUNIT_EXPECT_TRUE(test, bad->set({ .first = 10'000 + 2 * i, .sectors = 1 }));
	for (auto &range : ranges) {
		auto set = bad->set(range);
		unsigned int good = 0;

		for (sector_t i = 0; i < range.sectors; i++)
			good += !bad->check(range.first + i, 1);
		KUNIT_EXPECT_TRUE(test, set ? !good : set.error() == ENOSPC);
	}
}

static void range_that_is_none_is_einval(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr BadRange none[] = {
		{ .first = 8, .sectors = 0 },
		{ .first = end, .sectors = 1 },
		{ .first = end - 1, .sectors = 2 },
		{ .first = 8, .sectors = ~sector_t{ 0 } },
		{ .first = ~sector_t{ 0 }, .sectors = 1 },
	};
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	for (auto &range : none) {
		KUNIT_EXPECT_EQ(test, bad->set(range).to_errno(), EINVAL.to_errno());
		KUNIT_EXPECT_EQ(test, bad->clear(range).to_errno(), EINVAL.to_errno());
	}
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = end - 1, .sectors = 1 }));
	KUNIT_EXPECT_TRUE(test, finds(*bad, { .first = end - 1, .sectors = 1 }, end - 9, 9));
	KUNIT_EXPECT_FALSE(test, bad->check(0, 1000));
}

static void range_longer_than_there_is_room_is_enospc(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	/* Truncated to int, the last three lengths would be 0, -1 and 1. */
	for (sector_t sectors : { most * longest + 1, sector_t{ 1 } << 32,
				  (sector_t{ 1 } << 32) - 1, (sector_t{ 1 } << 32) + 1 }) {
		KUNIT_EXPECT_EQ(test, bad->set({ .first = 0, .sectors = sectors }).to_errno(),
				ENOSPC.to_errno());
		KUNIT_EXPECT_FALSE(test, bad->check(0, 1000));
	}
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 7, .sectors = most * longest }));
	KUNIT_EXPECT_TRUE(test, bad->check(7 + most * longest - 1, 1));
	KUNIT_EXPECT_FALSE(test, bad->check(7 + most * longest, 1));
}

static void range_of_any_length_is_cleared(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());

	for (sector_t sectors : { sector_t{ 1 } << 32, (sector_t{ 1 } << 32) - 1, end - 8 }) {
		sector_t far = 8 + sectors - 1;

		KUNIT_EXPECT_TRUE(test, bad->set({ .first = 7, .sectors = 2 * longest }));
		KUNIT_EXPECT_TRUE(test, bad->set({ .first = far, .sectors = 1 }));
		KUNIT_EXPECT_TRUE(test, bad->clear({ .first = 8, .sectors = sectors }));
		KUNIT_EXPECT_TRUE(test, finds(*bad, { .first = 7, .sectors = 1 }, 0, 1 << 20));
		KUNIT_EXPECT_FALSE(test, bad->check(far, 1));
	}
}

static void shown_as_lines(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());
	auto page = KUNIT_ASSERT_VALUE(test, Box<Page>::make(GFP_KERNEL));

	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 100, .sectors = 1 }));
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 8, .sectors = 16 }));
	KUNIT_EXPECT_EQ(test, show(*bad, *page), 11);
	KUNIT_EXPECT_STREQ(test, page->text, "8 16\n100 1\n");
}

static void as_much_is_shown_as_fits(struct kunit *test) KXX_MAY_SLEEP
{
	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());
	auto page = KUNIT_ASSERT_VALUE(test, Box<Page>::make(GFP_KERNEL));

	/* Each range prints as 14 bytes, so all ranges together exceed a page. */
	for (sector_t i = 0; i < most; i++)
		KUNIT_EXPECT_TRUE(test,
				  bad->set({ .first = 10'000'000'000 + 2 * i, .sectors = 1 }));

	int length = show(*bad, *page);

	KUNIT_EXPECT_EQ(test, length, KXX_PAGE_SIZE - 1);
	KUNIT_EXPECT_EQ(test, page->text[length - 1] != '\0', true);
	KUNIT_EXPECT_EQ(test, page->text[length], '\0');
}

namespace {

/* The first CPU to arrive checks bad sectors. The others set and clear another range meanwhile. */
struct Checks {
	static constexpr unsigned int rounds = 200'000;
	static constexpr BadRange checked{ .first = 0, .sectors = 8 };
	static constexpr BadRange changed{ .first = 500, .sectors = 8 };

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &checks = *static_cast<Checks *>(data);
		int first = 0;

		if (!checks.checker.try_cmpxchg(first, 1)) {
			checks.disturb();
			return;
		}
		for (unsigned int i = 0; i < rounds; i++)
			checks.missed += !finds(checks.bad, checked, 0, 1000);
		checks.over.set_release(1);
	}

	void disturb() KXX_MAY_SLEEP
	{
		while (!over.read()) {
			static_cast<void>(bad.set(changed));
			static_cast<void>(bad.clear(changed));
			kxx_test_cond_resched();
		}
	}

	BadBlocks &bad;
	Atomic checker{ 0 }, over{ 0 };
	unsigned int missed = 0;
};

} // namespace

static void bad_sectors_are_found_while_others_change(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	auto bad = KUNIT_ASSERT_VALUE(test, BadBlocks::make());
	Checks checks{ *bad };

	KUNIT_EXPECT_TRUE(test, bad->set(Checks::checked));
	/* badblocks_check() may take this range for the one that it found before. */
	KUNIT_EXPECT_TRUE(test, bad->set({ .first = 5000, .sectors = 8 }));
	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(checks.run, &checks), 0);
	KUNIT_EXPECT_EQ(test, checks.missed, 0);
}

KXX_KUNIT_SUITE(kxx_kunit_badblocks, "kxx_badblocks", KXX_KUNIT_CASE(none_is_bad_at_first),
		KXX_KUNIT_CASE(any_number_of_sectors_can_be_checked),
		KXX_KUNIT_CASE(bad_sectors_are_found),
		KXX_KUNIT_CASE(range_over_others_is_bad_as_a_whole),
		KXX_KUNIT_CASE(clear_ones_are_good_again), KXX_KUNIT_CASE(clear_enables_too),
		KXX_KUNIT_CASE(full_is_enospc), KXX_KUNIT_CASE(split_without_room_is_enospc),
		KXX_KUNIT_CASE(set_without_room_succeeds_only_if_all_is_bad),
		KXX_KUNIT_CASE(range_that_is_none_is_einval),
		KXX_KUNIT_CASE(range_longer_than_there_is_room_is_enospc),
		KXX_KUNIT_CASE(range_of_any_length_is_cleared), KXX_KUNIT_CASE(shown_as_lines),
		KXX_KUNIT_CASE(as_much_is_shown_as_fits),
		KXX_KUNIT_CASE(bad_sectors_are_found_while_others_change));

static void each_allocation_of_bad_blocks_can_fail(struct kunit *test) KXX_MAY_SLEEP
{
	unsigned int refused = faults::expect_each_can_fail(
		test, [](unsigned int) KXX_MAY_SLEEP { return BadBlocks::make(); },
		[test](unsigned int, const auto &made) {
			if (!made)
				KUNIT_EXPECT_EQ(test, made.error().to_errno(), ENOMEM.to_errno());
		});

	KUNIT_EXPECT_TRUE(test, refused > 0);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_badblocks_faults, "kxx_badblocks_faults",
			   KXX_KUNIT_CASE(each_allocation_of_bad_blocks_can_fail));
