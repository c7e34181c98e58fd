// SPDX-License-Identifier: GPL-2.0
/* spinlock_kunit.cc - tests of <kxx/sync/spinlock.hpp> and <kxx/sync/lock.hpp> */
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/locked_by.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/base/type_name.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

struct Outer;
struct Inner;

} // namespace

/* Takes and releases @Lock; interrupts and softirqs must be off as stated while it is held. */
template <typename Lock>
static void guards_and_interrupts(struct kunit *test, bool irqs_off, bool softirqs_off)
{
	Lock lock;

	lock.lockdep_assert_not_held();
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	{
		auto guard = lock.lock();

		lock.lockdep_assert_held();
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), irqs_off);
		KUNIT_EXPECT_EQ(test, kxx_test_in_softirq_disabled(), softirqs_off);
		guard->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());
	{
		auto guard = lock.try_lock();

		KUNIT_ASSERT_TRUE(test, guard);
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), irqs_off);
		(*guard).value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());
	KUNIT_EXPECT_EQ(test, lock.with_locked([test, irqs_off](Counter &counter) {
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), irqs_off);
		return ++counter.value;
	}),
			3);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
}

static void spin_lock(struct kunit *test)
{
	guards_and_interrupts<SpinLock<Counter>>(test, false, false);
}

static void spin_lock_bh(struct kunit *test)
{
	guards_and_interrupts<SpinLockBh<Counter>>(test, false, true);
}

static void spin_lock_irqsave(struct kunit *test)
{
	guards_and_interrupts<SpinLockIrq<Counter>>(test, spinlock_irqs_off, false);
}

static void raw_spin_lock(struct kunit *test)
{
	guards_and_interrupts<RawSpinLock<Counter>>(test, false, false);
}

static void raw_spin_lock_irqsave(struct kunit *test)
{
	guards_and_interrupts<RawSpinLockIrq<Counter>>(test, true, false);
}

static void inner_guard_leaves_interrupts_to_the_outer(struct kunit *test)
{
	SpinLockIrq<Counter, Outer> outer;
	SpinLockIrq<Counter, Inner> inner;

	{
		auto first = outer.lock();
		{
			auto second = inner.lock(first);

			KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
			second->value++;
		}
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		KUNIT_EXPECT_EQ(test,
				inner.with_locked(first, [](Counter &c) { return ++c.value; }), 2);
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		{
			auto second = inner.try_lock(first);

			KUNIT_ASSERT_TRUE(test, second);
			KUNIT_EXPECT_EQ(test, second->value, 2);
		}
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void raw_guard_proves_that_interrupts_are_off(struct kunit *test)
{
	RawSpinLockIrq<Counter, Outer> outer;
	RawSpinLockIrq<Counter, Inner> inner;

	{
		auto first = outer.lock();
		{
			auto second = inner.lock(first);

			KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
			second->value++;
			/* The inner guard is a proof as well. */
			const irq::Disabled &still = second.irq();

			(void)still;
		}
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_EQ(test, inner.lock()->value, 1);
}

/* Takes one lock of each type, in the only order that is valid on every kernel. */
static void eight_locks_nest(struct kunit *test) KXX_MAY_SLEEP
{
	Mutex<Counter> mutex;
	SpinLockBh<Counter> bh;
	SpinLock<Counter> spin;
	SpinLockIrq<Counter> irq;
	RawSpinLock<Counter> raw;
	RawSpinLockIrq<Counter> raw_irq;
	auto local = KUNIT_ASSERT_VALUE(test, LocalLock<Counter>::make());
	auto local_irq = KUNIT_ASSERT_VALUE(test, LocalLockIrq<Counter>::make());

	for (int round = 0; round < 2; round++) {
		auto one = mutex.lock();

		KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
		{
			auto two = bh.lock();
			auto three = spin.lock(two);
			auto four = local.lock(three);

			KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
			{
				auto five = irq.lock(four);

				KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
				{
					auto six = local_irq.lock(five);
					auto seven = raw.lock(six);

					KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(),
							spinlock_irqs_off);
					{
						auto eight = raw_irq.lock(seven);

						KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
						one->value++;
						two->value++;
						three->value++;
						four->value++;
						five->value++;
						six->value++;
						seven->value++;
						eight->value++;
					}
					KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(),
							spinlock_irqs_off);
				}
				KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
			}
			KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
			KUNIT_EXPECT_TRUE(test, kxx_test_in_softirq_disabled());
		}
		KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());
		KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
	}
	KUNIT_EXPECT_EQ(test, mutex.lock()->value, 2);
	KUNIT_EXPECT_EQ(test, bh.lock()->value, 2);
	KUNIT_EXPECT_EQ(test, spin.lock()->value, 2);
	KUNIT_EXPECT_EQ(test, irq.lock()->value, 2);
	KUNIT_EXPECT_EQ(test, raw.lock()->value, 2);
	KUNIT_EXPECT_EQ(test, raw_irq.lock()->value, 2);
}

/* Nests two locks of one class. Without a subclass, lockdep would report a deadlock. */
template <typename Lock> static void nest_two_of_one_class(struct kunit *test)
{
	Lock parent;
	Lock child;

	{
		auto outer = parent.lock();
		auto inner = child.lock_nested(outer, SINGLE_DEPTH_NESTING);

		inner->value = ++outer->value;
	}
	{
		auto alone = child.lock_nested(SINGLE_DEPTH_NESTING);

		KUNIT_EXPECT_EQ(test, alone->value, 1);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void lock_nested_has_a_level_of_its_own(struct kunit *test)
{
	nest_two_of_one_class<SpinLock<Counter>>(test);
	nest_two_of_one_class<SpinLockIrq<Counter>>(test);
	nest_two_of_one_class<RawSpinLock<Counter>>(test);
	nest_two_of_one_class<RawSpinLockIrq<Counter>>(test);
}

template <typename Lock> static void expect_refusal(struct kunit *test)
{
	Lock lock;

	Contention<Lock>(lock).expect_refusal(test);
}

static void try_lock_of_a_held_lock_fails(struct kunit *test)
{
	expect_refusal<SpinLock<Counter>>(test);
	expect_refusal<SpinLockBh<Counter>>(test);
	expect_refusal<SpinLockIrq<Counter>>(test);
	expect_refusal<RawSpinLock<Counter>>(test);
	expect_refusal<RawSpinLockIrq<Counter>>(test);
}

static void million_increments_of_a_spinlock_are_a_million(struct kunit *test) KXX_MAY_SLEEP
{
	Million<SpinLockIrq<Counter>, HrTimerMode::REL>::expect_exact(test);
}

static void million_increments_of_a_raw_spinlock_are_a_million(struct kunit *test) KXX_MAY_SLEEP
{
	Million<RawSpinLockIrq<Counter>, HrTimerMode::REL_HARD>::expect_exact(test);
}

/* The lock protects data that is not its member. */
template <typename Lock> static void locked_by_opens(struct kunit *test) KXX_MAY_SLEEP
{
	Lock lock;
	LockedBy<Counter, Lock> data(lock);
	auto guard = lock.lock();
	auto seen = KUNIT_ASSERT_VALUE(
		test, data.with(guard, [](Counter &counter) { return ++counter.value; }));

	KUNIT_EXPECT_EQ(test, seen, 1);
	KUNIT_EXPECT_TRUE(test, data.with(guard, [](Counter &counter) { counter.value++; }));
	KUNIT_EXPECT_TRUE(test, guard.is_of(lock));
}

static void locked_by_opens_under_its_lock(struct kunit *test) KXX_MAY_SLEEP
{
	locked_by_opens<SpinLock<Counter>>(test);
	locked_by_opens<SpinLockBh<Counter>>(test);
	locked_by_opens<SpinLockIrq<Counter>>(test);
	locked_by_opens<RawSpinLock<Counter>>(test);
	locked_by_opens<RawSpinLockIrq<Counter>>(test);
	locked_by_opens<Mutex<Counter>>(test);
}

template <typename Lock> static void take_under_the_read_lock(struct kunit *test)
{
	Lock lock;

	{
		auto rcu = rcu::read_lock();

		{
			auto guard = lock.lock(rcu);

			guard->value++;
		}
		KUNIT_EXPECT_EQ(test, lock.with_locked(rcu, [](Counter &c) { return ++c.value; }),
				2);
		if (auto tried = lock.try_lock(rcu))
			tried->value++;

		auto guard = lock.lock(rcu);

		KUNIT_EXPECT_EQ(test, guard->value, 3);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void locks_under_the_read_lock(struct kunit *test)
{
	take_under_the_read_lock<SpinLock<Counter>>(test);
	take_under_the_read_lock<SpinLockBh<Counter>>(test);
	take_under_the_read_lock<SpinLockIrq<Counter>>(test);
	take_under_the_read_lock<RawSpinLock<Counter>>(test);
	take_under_the_read_lock<RawSpinLockIrq<Counter>>(test);
}

static void type_name_is_what_cplusplus_writes(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, type_name<unsigned int>(), "unsigned int");
	KUNIT_EXPECT_STREQ(test, (type_name<SpinLockIrq<int, void>>()),
			   "kxx::SpinLockIrq<int, void>");
}

KXX_KUNIT_SUITE(kxx_kunit_spinlock, "kxx_spinlock", KXX_KUNIT_CASE(spin_lock),
		KXX_KUNIT_CASE(spin_lock_bh), KXX_KUNIT_CASE(spin_lock_irqsave),
		KXX_KUNIT_CASE(raw_spin_lock), KXX_KUNIT_CASE(raw_spin_lock_irqsave),
		KXX_KUNIT_CASE(inner_guard_leaves_interrupts_to_the_outer),
		KXX_KUNIT_CASE(raw_guard_proves_that_interrupts_are_off),
		KXX_KUNIT_CASE(eight_locks_nest),
		KXX_KUNIT_CASE(lock_nested_has_a_level_of_its_own),
		KXX_KUNIT_CASE(try_lock_of_a_held_lock_fails),
		KXX_KUNIT_CASE(million_increments_of_a_spinlock_are_a_million),
		KXX_KUNIT_CASE(million_increments_of_a_raw_spinlock_are_a_million),
		KXX_KUNIT_CASE(locked_by_opens_under_its_lock),
		KXX_KUNIT_CASE(locks_under_the_read_lock),
		KXX_KUNIT_CASE(type_name_is_what_cplusplus_writes));
