// SPDX-License-Identifier: GPL-2.0
/*
 * lockdep_kunit.cc - mistakes that only lockdep and similar checks of the kernel can find
 *
 * Each case must leave a report that names the C++ types. A report turns lockdep off, so
 * scripts/tests/lockdep boots once per case.
 */
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/wait.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

/* Types whose names must appear in the reports. */
namespace lockdep {

struct Left {};
struct Right {};
struct Stats {
	u64 value = 0;
};

struct Config {
	u64 value = 0;
};

struct Locks {
	SpinLock<Left> left;
	SpinLock<Right> right;
};

struct Ticker {
	static void timer_expired(Borrowed<Ticker> self)
	{
		self->stats.lock()->value++;
		self->done.set(1);
	}

	SpinLock<Stats> stats;
	Flag done;
	HrTimer<Borrowed<Ticker>, Ticker> timer;
};

} // namespace lockdep

using namespace lockdep;

namespace {

void count_in(Mutex<Config> &config) KXX_MAY_SLEEP
{
	config.lock()->value++;
}

/* Waits while the caller holds another lock. No function shows both locks to clang. */
void wait_in_a_callee(SpinLockIrq<Right> &right, WaitQueueHead<> &waiters) KXX_MAY_SLEEP
{
	auto guard = right.lock();
	long left = wait_event_lock_irq_timeout(waiters, [](Right &) { return false; }, guard, 1);

	(void)left;
}

} // namespace

static void left_then_right_and_right_then_left(struct kunit *test)
{
	Locks locks;

	{
		auto left = locks.left.lock();
		auto right = locks.right.lock(left);
	}
	{
		auto right = locks.right.lock();
		auto left = locks.left.lock(right);
	}
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
}

/* Takes a SpinLock in a hard interrupt and with interrupts on, where a SpinLockIrq is needed. */
static void spinlock_taken_in_hardirq_and_with_interrupts_on(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Box<Ticker>::make(GFP_KERNEL));
	Ticker &ticker = *box;

	ticker.stats.lock()->value++;
	ticker.timer.start(Borrowed(&ticker), 1'000'000);
	ticker.done.wait_for(1);
	KUNIT_EXPECT_EQ(test, ticker.stats.lock()->value, 2);
}

/* Calls count_in() through a pointer, since clang would refuse the direct call. */
static void sleep_under_a_spinlock(struct kunit *test)
{
	SpinLock<Stats> stats;
	Mutex<Config> config;
	void (*sleep)(Mutex<Config> &) = count_in;

	{
		auto guard = stats.lock();

		sleep(config);
		guard->value++;
	}
	KUNIT_EXPECT_EQ(test, stats.lock()->value, 1);
}

static void wait_under_two_guards(struct kunit *test)
{
	SpinLockIrq<Left> left;
	SpinLockIrq<Right> right;
	WaitQueueHead waiters;
	void (*wait)(SpinLockIrq<Right> &, WaitQueueHead<> &) = wait_in_a_callee;

	{
		auto guard = left.lock();

		wait(right, waiters);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

/*
 * Separate from assert_the_opposite(): after lockdep_assert_held(), clang takes the lock as held
 * and refuses lock().
 */
template <typename Lock> static void hold_and_deny(Lock &lock) KXX_MAY_SLEEP
{
	auto guard = lock.lock();

	lock.lockdep_assert_not_held();
}

/* Both assertions are false; each must leave a warning. */
template <typename Lock> static void assert_the_opposite(Lock &lock) KXX_MAY_SLEEP
{
	lock.lockdep_assert_held();
	hold_and_deny(lock);
}

static void assertions_that_do_not_hold(struct kunit *test) KXX_MAY_SLEEP
{
	SpinLock<Stats> spin;
	RawSpinLock<Stats> raw;
	Mutex<Stats> mutex;
	RawSpinLockIrq<Stats> raw_irq;
	// SAFETY: irq::Disabled is an empty class, so nothing is read through the reference.
	// The false proof is the mistake of this case.
	auto &interrupts_are_on = reinterpret_cast<const irq::Disabled &>(spin);

	assert_the_opposite(spin);
	assert_the_opposite(raw);
	assert_the_opposite(mutex);
	{
		auto guard = raw_irq.lock(interrupts_are_on);

		guard->value++;
	}
	KUNIT_EXPECT_EQ(test, raw_irq.lock()->value, 1);
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_lockdep, "kxx_lockdep",
			   KXX_KUNIT_CASE(left_then_right_and_right_then_left),
			   KXX_KUNIT_CASE(spinlock_taken_in_hardirq_and_with_interrupts_on),
			   KXX_KUNIT_CASE(sleep_under_a_spinlock),
			   KXX_KUNIT_CASE(wait_under_two_guards),
			   KXX_KUNIT_CASE(assertions_that_do_not_hold));
