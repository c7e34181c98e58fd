// SPDX-License-Identifier: GPL-2.0
/* local_lock_kunit.cc - tests of <kxx/sync/local_lock.hpp> */
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

/* Each CPU increments its own counter; the sum must include every increment. */
template <typename Lock> static void counts_per_cpu(struct kunit *test, bool irqs_off) KXX_MAY_SLEEP
{
	static constexpr u64 rounds = 20'000;
	auto lock = KUNIT_ASSERT_VALUE(test, Lock::make());
	auto count = [](void *data) {
		auto &counter = *static_cast<Lock *>(data);

		for (u64 i = 0; i < rounds; i++)
			counter.lock()->value++;
	};

	{
		auto guard = lock.lock();

		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), irqs_off);
		/* On PREEMPT_RT the task may be preempted, but stays on its CPU. */
		KUNIT_EXPECT_EQ(test, kxx_test_preemptible(), !spinlock_irqs_off);
		guard->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
	lock.with_locked([](Counter &counter) { counter.value--; });
	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(count, &lock) == 0);

	u64 sum = 0;
	unsigned int cpus = 0;

	std::move(lock).for_each_possible_cpu([&](const Counter &counter) {
		sum += counter.value;
		cpus += counter.value == rounds;
	});
	KUNIT_EXPECT_EQ(test, sum, rounds * kxx_test_nr_online_cpus());
	KUNIT_EXPECT_EQ(test, cpus, kxx_test_nr_online_cpus());
}

static void local_lock(struct kunit *test) KXX_MAY_SLEEP
{
	counts_per_cpu<LocalLock<Counter>>(test, false);
}

static void local_lock_irqsave(struct kunit *test) KXX_MAY_SLEEP
{
	counts_per_cpu<LocalLockIrq<Counter>>(test, spinlock_irqs_off);
}

static void lock_under_a_local_lock(struct kunit *test) KXX_MAY_SLEEP
{
	auto local = KUNIT_ASSERT_VALUE(test, LocalLockIrq<Counter>::make());
	SpinLockIrq<Counter, struct Under> under;
	SpinLockIrq<Counter, struct Over> over;

	{
		auto outer = local.lock();
		{
			auto inner = under.lock(outer);

			inner->value = ++outer->value;
		}
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
	}
	{
		auto outer = over.lock();
		{
			auto inner = local.lock(outer);

			inner->value++;
		}
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_EQ(test, under.lock()->value, 1);
}

static void local_lock_moves_with_its_data(struct kunit *test) KXX_MAY_SLEEP
{
	auto first = KUNIT_ASSERT_VALUE(test, LocalLock<Counter>::make());
	u64 sum = 0;

	first.lock()->value = 7;

	LocalLock<Counter> second = std::move(first);

	std::move(second).for_each_possible_cpu(
		[&](const Counter &counter) { sum += counter.value; });
	KUNIT_EXPECT_EQ(test, sum, 7);
}

/* clang does not see the use of a member that was moved from. */
static void lock_that_was_moved_from_has_no_address(struct kunit *test)
{
	for (unsigned int cpu = 0; cpu < kxx_test_nr_online_cpus(); cpu++) {
		void *data = kxx_per_cpu_ptr(detail::moved_from_slots(), cpu);
		u64 high = reinterpret_cast<u64>(data) >> 56;

		/* An address of x86 begins with eight equal bits, also if page tables have five levels. */
		KUNIT_EXPECT_TRUE(test, high != 0 && high != 0xff);
	}
}

KXX_KUNIT_SUITE(kxx_kunit_local_lock, "kxx_local_lock", KXX_KUNIT_CASE(local_lock),
		KXX_KUNIT_CASE(local_lock_irqsave), KXX_KUNIT_CASE(lock_under_a_local_lock),
		KXX_KUNIT_CASE(local_lock_moves_with_its_data),
		KXX_KUNIT_CASE(lock_that_was_moved_from_has_no_address));
