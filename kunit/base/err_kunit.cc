// SPDX-License-Identifier: GPL-2.0
/* err_kunit.cc - tests of <kxx/base/err.hpp> and of Box of <kxx/mm/slab.hpp> */
#include <kxx/base/err.hpp>
#include <kxx/mm/slab.hpp>

#include "../kunit.hpp"

using namespace kxx;

namespace {

int alive;

struct Counted {
	explicit Counted(int value) : value(value) { alive++; }
	Counted(const Counted &) = delete;
	~Counted() { alive--; }

	int value;
};

struct Seven : Counted {
	Seven() : Counted(7) {}
};

Result<int> half(int n)
{
	if (n & 1)
		return EINVAL;
	return n / 2;
}

Result<int> quarter(int n)
{
	return half(KXX_TRY(half(n)));
}

} // namespace

static void errno_is_negative_as_in_c(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, ENOMEM.to_errno(), -12);
	KUNIT_EXPECT_EQ(test, ENOTTY.to_errno(), -25);
	KUNIT_EXPECT_TRUE(test, Errno::from_errno(-22) == EINVAL);
	KUNIT_EXPECT_EQ(test, Result<void>::from_errno(0).to_errno(), 0);
	KUNIT_EXPECT_EQ(test, Result<void>::from_errno(-28).to_errno(), ENOSPC.to_errno());
}

static void try_returns_the_first_error(struct kunit *test)
{
	auto good = KUNIT_ASSERT_VALUE(test, quarter(12));
	auto odd = quarter(6);

	KUNIT_EXPECT_EQ(test, good, 3);
	KUNIT_ASSERT_TRUE(test, !odd);
	KUNIT_EXPECT_EQ(test, odd.error().to_errno(), -22);
}

static void box_destroys_its_object_once(struct kunit *test) KXX_MAY_SLEEP
{
	alive = 0;
	{
		auto box = KUNIT_ASSERT_VALUE(test, Box<Counted>::make(GFP_KERNEL, 7));

		KUNIT_EXPECT_EQ(test, alive, 1);
		Box<Counted> moved = std::move(box);

		KUNIT_EXPECT_EQ(test, alive, 1);
		KUNIT_EXPECT_EQ(test, moved->value, 7);
	}
	KUNIT_EXPECT_EQ(test, alive, 0);
}

static void array_destroys_each_of_its_objects(struct kunit *test) KXX_MAY_SLEEP
{
	alive = 0;
	{
		auto array = KUNIT_ASSERT_VALUE(test, Box<Seven[]>::make(GFP_KERNEL, 3));

		KUNIT_EXPECT_EQ(test, alive, 3);
		Box<Seven[]> moved = std::move(array);

		KUNIT_EXPECT_EQ(test, alive, 3);
		KUNIT_EXPECT_EQ(test, moved.size(), 3);
		// NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): tests that state
		KUNIT_EXPECT_EQ(test, array.size(), 0);
		KUNIT_EXPECT_EQ(test, moved[2].value, 7);
	}
	KUNIT_EXPECT_EQ(test, alive, 0);
}

static void raw_box_comes_back_as_it_went(struct kunit *test) KXX_MAY_SLEEP
{
	alive = 0;

	auto made = KUNIT_ASSERT_VALUE(test, Box<Counted>::make(GFP_KERNEL, 7));
	Counted *raw = std::move(made).into_raw();

	KUNIT_EXPECT_EQ(test, alive, 1);
	{
		auto back = Box<Counted>::from_raw(raw);

		KUNIT_EXPECT_EQ(test, back->value, 7);
	}
	KUNIT_EXPECT_EQ(test, alive, 0);
}

/* A loop over owners that moves each to its place may find one there already. */
static void owner_assigned_to_itself_keeps_its_object(struct kunit *test) KXX_MAY_SLEEP
{
	alive = 0;
	{
		auto box = KUNIT_ASSERT_VALUE(test, Box<Counted>::make(GFP_KERNEL, 7));
		auto other = KUNIT_ASSERT_VALUE(test, Box<Counted>::make(GFP_KERNEL, 8));
		auto array = KUNIT_ASSERT_VALUE(test, Box<Seven[]>::make(GFP_KERNEL, 3));
		auto &same = box;
		auto &same_array = array;

		box = std::move(same);
		array = std::move(same_array);
		KUNIT_EXPECT_EQ(test, alive, 5);
		KUNIT_ASSERT_TRUE(test, box.as_raw() && array.size() == 3);
		KUNIT_EXPECT_EQ(test, box->value, 7);
		KUNIT_EXPECT_EQ(test, array[2].value, 7);
		box = std::move(other);
		KUNIT_EXPECT_EQ(test, alive, 4);
		KUNIT_EXPECT_EQ(test, box->value, 8);
	}
	KUNIT_EXPECT_EQ(test, alive, 0);
}

static void allocation_too_large_is_enomem(struct kunit *test) KXX_MAY_SLEEP
{
	struct Large {
		unsigned char bytes[1ul << 40];
	};
	auto large = Box<Large[]>::make(GFP_KERNEL | __GFP_NOWARN, ~size_t{ 0 } >> 8);

	KUNIT_ASSERT_TRUE(test, !large);
	KUNIT_EXPECT_EQ(test, large.error().to_errno(), ENOMEM.to_errno());
}

KXX_KUNIT_SUITE(kxx_kunit_err, "kxx_err", KXX_KUNIT_CASE(errno_is_negative_as_in_c),
		KXX_KUNIT_CASE(try_returns_the_first_error),
		KXX_KUNIT_CASE(box_destroys_its_object_once),
		KXX_KUNIT_CASE(array_destroys_each_of_its_objects),
		KXX_KUNIT_CASE(raw_box_comes_back_as_it_went),
		KXX_KUNIT_CASE(owner_assigned_to_itself_keeps_its_object),
		KXX_KUNIT_CASE(allocation_too_large_is_enomem));
