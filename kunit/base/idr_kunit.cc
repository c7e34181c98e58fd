// SPDX-License-Identifier: GPL-2.0
#include <optional>

#include <kxx/sync/atomic.hpp>
#include <kxx/base/idr.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

using namespace kxx;

namespace {

using Id = std::optional<Ida::Id>;

/* Allocates a number >= @min into @id. Returns the number or a negative errno. */
int alloc(Ida &ida, Id &id, unsigned int min = 0) KXX_MAY_SLEEP
{
	auto made = ida.alloc_min(min, GFP_KERNEL);

	if (!made)
		return made.error().to_errno();
	id.emplace(std::move(made).value());
	return static_cast<int>(id->number());
}

constexpr unsigned int largest = ~0u >> 1;

} // namespace

static void lowest_number_is_given(struct kunit *test) KXX_MAY_SLEEP
{
	Ida ida;
	Id ids[3];

	for (int i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, alloc(ida, ids[i]), i);
}

static void number_is_free_when_its_id_goes(struct kunit *test) KXX_MAY_SLEEP
{
	Ida ida;
	Id ids[3], again;

	for (Id &id : ids)
		KUNIT_EXPECT_TRUE(test, alloc(ida, id) >= 0);
	ids[1].reset();
	KUNIT_EXPECT_EQ(test, alloc(ida, again), 1);
}

static void number_moves_with_its_id(struct kunit *test) KXX_MAY_SLEEP
{
	Ida ida;
	Id first, other, again;

	KUNIT_EXPECT_EQ(test, alloc(ida, first), 0);
	{
		// NOLINTNEXTLINE(bugprone-unchecked-optional-access): alloc() has said so.
		Ida::Id moved = std::move(*first);

		KUNIT_EXPECT_EQ(test, moved.number(), 0);
		/* @first was moved from, so destroying it must not free number 0. */
		first.reset();
		KUNIT_EXPECT_EQ(test, alloc(ida, other), 1);
	}
	KUNIT_EXPECT_EQ(test, alloc(ida, again), 0);
}

static void number_is_not_below_the_minimum(struct kunit *test) KXX_MAY_SLEEP
{
	Ida ida;
	Id ids[3];

	KUNIT_EXPECT_EQ(test, alloc(ida, ids[0], 7), 7);
	KUNIT_EXPECT_EQ(test, alloc(ida, ids[1], 7), 8);
	KUNIT_EXPECT_EQ(test, alloc(ida, ids[2]), 0);
}

static void numbers_end_at_int_max(struct kunit *test) KXX_MAY_SLEEP
{
	Ida ida;
	Id last, none;

	KUNIT_EXPECT_EQ(test, alloc(ida, last, largest), static_cast<int>(largest));
	KUNIT_EXPECT_EQ(test, alloc(ida, none, largest), ENOSPC.to_errno());
	KUNIT_EXPECT_EQ(test, alloc(ida, none, largest + 1), ENOSPC.to_errno());
	last.reset();
	KUNIT_EXPECT_EQ(test, alloc(ida, last, largest), static_cast<int>(largest));
}

static void numbers_of_two_are_apart(struct kunit *test) KXX_MAY_SLEEP
{
	Ida one, two;
	Id first, second;

	KUNIT_EXPECT_EQ(test, alloc(one, first), 0);
	KUNIT_EXPECT_EQ(test, alloc(two, second), 0);
}

namespace {

/* Each CPU allocates and frees numbers; no number may have two users at a time. */
struct Crowd {
	static constexpr int rounds = 200, most = 64;

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &crowd = *static_cast<Crowd *>(data);

		for (int i = 0; i < rounds; i++)
			crowd.take_one();
	}

	void take_one() KXX_MAY_SLEEP
	{
		Id id;
		int number = alloc(ida, id), unused = 0, used = 1;

		if (number < 0 || number >= most || !users[number].used.try_cmpxchg(unused, 1)) {
			wrong.inc();
			return;
		}
		kxx_test_cond_resched();
		if (!users[number].used.try_cmpxchg(used, 0))
			wrong.inc();
	}

	struct User {
		Atomic used{ 0 };
	};

	Ida ida;
	User users[most];
	Atomic wrong{ 0 };
};

} // namespace

static void number_has_one_user_at_a_time(struct kunit *test) KXX_MAY_SLEEP
{
	Crowd crowd;

	KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(Crowd::run, &crowd), 0);
	KUNIT_EXPECT_EQ(test, crowd.wrong.read(), 0);
}

KXX_KUNIT_SUITE(kxx_kunit_idr, "kxx_idr", KXX_KUNIT_CASE(lowest_number_is_given),
		KXX_KUNIT_CASE(number_is_free_when_its_id_goes),
		KXX_KUNIT_CASE(number_moves_with_its_id),
		KXX_KUNIT_CASE(number_is_not_below_the_minimum),
		KXX_KUNIT_CASE(numbers_end_at_int_max), KXX_KUNIT_CASE(numbers_of_two_are_apart),
		KXX_KUNIT_CASE(number_has_one_user_at_a_time));
