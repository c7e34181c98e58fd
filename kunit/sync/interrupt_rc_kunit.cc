// SPDX-License-Identifier: GPL-2.0
/*
 * interrupt_rc_kunit.cc - tests of <kxx/sync/interrupt_rc.hpp> and <kxx/sync/lock.hpp>
 *
 * Covers guards that end in any order.
 */
#include <kxx/sync/interrupt_rc.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/spinlock.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

struct A;
struct B;
struct C;

template <template <typename, typename> typename Lock> struct Locks {
	Lock<Counter, A> a;
	Lock<Counter, B> b;
	Lock<Counter, C> c;
};

} // namespace

/* Takes the locks a, b and c of @locks and unlocks them in the order @x, @y, @z. */
#define EXPECT_ORDER(x, y, z)                                                                      \
	do {                                                                                       \
		auto a = locks.a.lock_any_order();                                                 \
		auto b = locks.b.lock_any_order(a);                                                \
		auto c = locks.c.lock_any_order(b);                                                \
                                                                                                   \
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), off);                                   \
		(x)->value++;                                                                      \
		(x).unlock();                                                                      \
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), off);                                   \
		KUNIT_EXPECT_FALSE(test, x);                                                       \
		(y)->value++;                                                                      \
		(y).unlock();                                                                      \
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), off);                                   \
		(z)->value++;                                                                      \
		(z).unlock();                                                                      \
		KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());                                     \
		KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());                                   \
	} while (0)

/* Interrupts must be as @off says until the last of the three locks is released. */
template <template <typename, typename> typename Lock>
static void expect_any_order(struct kunit *test, bool off) KXX_MAY_SLEEP
{
	/* With lockdep and KASAN the locks are too large for the stack. */
	auto box = KUNIT_ASSERT_VALUE(test, Box<Locks<Lock>>::make(GFP_KERNEL));
	Locks<Lock> &locks = *box;

	EXPECT_ORDER(a, b, c);
	EXPECT_ORDER(a, c, b);
	EXPECT_ORDER(b, a, c);
	EXPECT_ORDER(b, c, a);
	EXPECT_ORDER(c, a, b);
	EXPECT_ORDER(c, b, a);
}

static void spin_locks_end_in_any_order(struct kunit *test) KXX_MAY_SLEEP
{
	expect_any_order<SpinLock>(test, false);
	expect_any_order<SpinLockBh>(test, false);
	expect_any_order<RawSpinLock>(test, false);
	KUNIT_EXPECT_FALSE(test, kxx_test_in_softirq_disabled());
}

static void lock_is_free_after_unlock(struct kunit *test)
{
	SpinLock<Counter> lock;
	auto guard = lock.lock_any_order();

	guard->value++;
	guard.unlock();

	auto again = lock.try_lock();

	KUNIT_ASSERT_TRUE(test, again);
	KUNIT_EXPECT_EQ(test, again->value, 1);
	again.unlock();
	KUNIT_EXPECT_FALSE(test, again);
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
}

/* KXX_KERNEL is not defined when clang's analyses read this file; they must see this part too. */
#if !defined(KXX_KERNEL) || KXX_IS_IRQ_COUNTED

static void irq_locks_end_in_any_order(struct kunit *test) KXX_MAY_SLEEP
{
	expect_any_order<SpinLockIrq>(test, spinlock_irqs_off);
	expect_any_order<RawSpinLockIrq>(test, true);
}

/* The inner lock of each pair is of another type than the outer one, and is released later. */
static void inner_lock_keeps_interrupts_off(struct kunit *test) KXX_MAY_SLEEP
{
	SpinLockIrq<Counter> outer;
	RawSpinLockIrq<Counter> raw;
	auto local = KUNIT_ASSERT_VALUE(test, LocalLockIrq<Counter>::make());

	{
		auto first = outer.lock_any_order();
		auto second = raw.lock(first);

		first.unlock();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		second->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	{
		auto first = outer.lock_any_order();
		auto second = local.lock(first);

		first.unlock();
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		second->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	{
		auto first = outer.try_lock();

		KUNIT_ASSERT_TRUE(test, first);

		auto second = raw.lock_any_order(first);

		first.unlock();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		second->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	{
		SpinLockIrq<Counter, B> middle;
		auto first = outer.lock();
		auto second = middle.lock_any_order(first);
		auto third = raw.lock(second);

		/* Not reported: @first keeps interrupts off, and @third does not rely on @second. */
		second.unlock();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		third->value++;
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
}

/* Each lock is taken before the previous one is released, as in a walk along a list. */
static void locks_are_taken_hand_over_hand(struct kunit *test)
{
	SpinLockIrq<Counter, A> lock_a;
	SpinLockIrq<Counter, B> lock_b;
	SpinLockIrq<Counter, C> lock_c;
	{
		auto a = lock_a.lock_any_order();
		auto b = lock_b.lock_any_order(a);

		b->value = ++a->value;
		a.unlock();
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		{
			auto again = lock_a.try_lock(b);

			KUNIT_EXPECT_TRUE(test, again);
		}

		auto c = lock_c.lock_any_order(b);

		c->value = b->value;
		b.unlock();
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		KUNIT_EXPECT_EQ(test, c->value, 1);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

/* Takes the lock without saving flags, since @irq proves that interrupts are off. */
template <typename Lock> static u64 count(const Lock &counter, const irq::Disabled &irq)
{
	return ++counter.lock(irq)->value;
}

static void section_has_interrupts_off(struct kunit *test)
{
	RawSpinLockIrq<Counter> counter;

	{
		auto section = irq::local_interrupt_disable();

		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		KUNIT_EXPECT_EQ(test, count(counter, section.irq()), 1);
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
}

static void sections_nest(struct kunit *test)
{
	RawSpinLockIrq<Counter> counter;

	{
		auto outer = irq::local_interrupt_disable();
		{
			auto inner = irq::local_interrupt_disable(outer);

			KUNIT_EXPECT_EQ(test, count(counter, inner.irq()), 1);
		}
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		KUNIT_EXPECT_EQ(test, count(counter, outer.irq()), 2);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void section_outlives_the_lock_around_it(struct kunit *test)
{
	RawSpinLockIrq<Counter> lock;
	RawSpinLockIrq<Counter, A> counter;

	{
		auto guard = lock.lock_any_order();
		auto section = irq::local_interrupt_disable(guard);

		guard.unlock();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
		KUNIT_EXPECT_EQ(test, count(counter, section.irq()), 1);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	{
		auto section = irq::local_interrupt_disable();
		auto guard = lock.lock_any_order(section);

		guard->value++;
		guard.unlock();
		KUNIT_EXPECT_TRUE(test, kxx_irqs_disabled());
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

#define WHERE_COUNTED(...) , __VA_ARGS__
#else
#define WHERE_COUNTED(...)
#endif

KXX_KUNIT_SUITE(kxx_kunit_interrupt_rc, "kxx_interrupt_rc",
		KXX_KUNIT_CASE(spin_locks_end_in_any_order),
		KXX_KUNIT_CASE(lock_is_free_after_unlock)
			WHERE_COUNTED(KXX_KUNIT_CASE(irq_locks_end_in_any_order),
				      KXX_KUNIT_CASE(inner_lock_keeps_interrupts_off),
				      KXX_KUNIT_CASE(locks_are_taken_hand_over_hand),
				      KXX_KUNIT_CASE(section_has_interrupts_off),
				      KXX_KUNIT_CASE(sections_nest),
				      KXX_KUNIT_CASE(section_outlives_the_lock_around_it)));
