// SPDX-License-Identifier: GPL-2.0
/* spinlock.cc - <kxx/spinlock.hpp> */
#include <kxx/spinlock.hpp>
#include <kxx/type_name.hpp>

#include "kunit.hpp"
#include "testlib.h"

using namespace kxx;

namespace {

struct Counter {
	u64 value = 0;
};

struct Outer;
struct Inner;

} // namespace

static void guard_disables_and_restores_interrupts(struct kunit *test)
{
	SpinLockIrq<Counter> lock;

	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	{
		auto guard = lock.lock();

		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		guard->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_EQ(test, lock.lock()->value, 1);
}

static void guards_restore_interrupts_when_nested(struct kunit *test)
{
	SpinLockIrq<Counter, Outer> outer;
	SpinLockIrq<Counter, Inner> inner;

	{
		auto first = outer.lock();
		{
			auto second = inner.lock();

			KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		}
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void with_locked_returns_what_the_function_returns(struct kunit *test)
{
	SpinLockIrq<Counter> lock;
	u64 seen = lock.with_locked([](Counter &counter) { return counter.value += 41; });

	KUNIT_EXPECT_EQ(test, seen, 41);
	KUNIT_EXPECT_EQ(test, lock.with_locked([](Counter &counter) { return ++counter.value; }),
			42);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void lock_excludes_other_cpus(struct kunit *test)
{
	static constexpr unsigned int rounds = 20000;
	SpinLockIrq<Counter> lock;
	auto count = [](void *data) {
		auto &counter = *static_cast<SpinLockIrq<Counter> *>(data);

		for (unsigned int i = 0; i < rounds; i++)
			counter.lock()->value++;
	};

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(count, &lock) == 0);
	KUNIT_EXPECT_TRUE(test, kxx_test_nr_online_cpus() >= 2);
	KUNIT_EXPECT_EQ(test, lock.lock()->value, rounds * kxx_test_nr_online_cpus());
}

static void type_name_is_what_cplusplus_writes(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, type_name<unsigned int>(), "unsigned int");
	KUNIT_EXPECT_STREQ(test, (type_name<SpinLockIrq<int, void>>()),
			   "kxx::SpinLockIrq<int, void>");
}

KXX_KUNIT_SUITE(kxx_kunit_spinlock, "kxx_spinlock",
		KXX_KUNIT_CASE(guard_disables_and_restores_interrupts),
		KXX_KUNIT_CASE(guards_restore_interrupts_when_nested),
		KXX_KUNIT_CASE(with_locked_returns_what_the_function_returns),
		KXX_KUNIT_CASE(lock_excludes_other_cpus),
		KXX_KUNIT_CASE(type_name_is_what_cplusplus_writes));
