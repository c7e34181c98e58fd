// SPDX-License-Identifier: GPL-2.0
/* wait_kunit.cc - tests of <kxx/sync/wait.hpp> */
#include <kxx/sync/jiffies.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/wait.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

/* A condition. Its timer makes it true and wakes up the waiters. */
struct Event {
	struct State {
		unsigned int ticks = 0;
		unsigned int looks = 0;
	};

	static void timer_expired(Borrowed<Event> event)
	{
		event->state.lock()->ticks++;
		event->waiters.wake_up();
	}
	void in_msecs(u64 msecs) { timer.start(Borrowed(this), msecs * 1'000'000); }

	/* Allocates the timer: debugobjects reports timers on the stack. */
	static Result<Box<Event>> make() KXX_MAY_SLEEP { return Box<Event>::make(GFP_KERNEL); }

	SpinLockIrq<State> state;
	WaitQueueHead<> waiters;
	HrTimer<Borrowed<Event>, Event> timer;
};

bool ticked(Event::State &state)
{
	state.looks++;
	return state.ticks;
}

bool never(Event::State &)
{
	return false;
}

} // namespace

static void wait_is_woken_from_a_timer(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	Event &event = *box;

	event.in_msecs(20);
	{
		auto guard = event.state.lock();

		wait_event_lock_irq(event.waiters, ticked, guard);
		/* The lock is held again, with its interrupt state and the new data. */
		event.state.lockdep_assert_held();
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		KUNIT_EXPECT_EQ(test, guard->ticks, 1);
		KUNIT_EXPECT_TRUE(test, guard->looks >= 2);
	}
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	KUNIT_EXPECT_TRUE(test, kxx_test_preemptible());
}

static void true_condition_does_not_wait(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	Event &event = *box;
	auto guard = event.state.lock();

	guard->ticks = 1;
	wait_event_lock_irq(event.waiters, ticked, guard);
	KUNIT_EXPECT_EQ(test, guard->looks, 1);
	KUNIT_EXPECT_TRUE(test, wait_event_interruptible_lock_irq(event.waiters, ticked, guard));
	KUNIT_EXPECT_EQ(test, wait_event_lock_irq_timeout(event.waiters, ticked, guard, 100), 100);
	KUNIT_EXPECT_EQ(test, wait_event_lock_irq_timeout(event.waiters, ticked, guard, 0), 1);
	KUNIT_EXPECT_EQ(test, guard->looks, 4);
}

static void interruptible_wait_ends_at_a_signal(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	Event &event = *box;

	event.in_msecs(20);
	{
		auto guard = event.state.lock();

		KUNIT_EXPECT_TRUE(test,
				  wait_event_interruptible_lock_irq(event.waiters, ticked, guard));
		KUNIT_EXPECT_EQ(test, guard->ticks, 1);
	}
	kxx_test_signal(KXX_TEST_SIGNAL);
	{
		auto guard = event.state.lock();
		auto waited = wait_event_interruptible_lock_irq(event.waiters, never, guard);

		KUNIT_EXPECT_EQ(test, waited.to_errno(), ERESTARTSYS.to_errno());
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		event.state.lockdep_assert_held();
	}
	kxx_test_signal(KXX_TEST_NO_SIGNAL);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void wait_ends_at_its_timeout(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	Event &event = *box;
	auto timeout = static_cast<long>(msecs_to_jiffies(50));
	u64 begin = kxx_test_ktime_get_ns();

	{
		auto guard = event.state.lock();

		KUNIT_EXPECT_EQ(
			test, wait_event_lock_irq_timeout(event.waiters, never, guard, timeout), 0);
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		KUNIT_EXPECT_EQ(test, wait_event_lock_irq_timeout(event.waiters, never, guard, 0),
				0);
	}
	/* The timeout counts in jiffies. On a busy host they lag behind, and catch up. */
	KUNIT_EXPECT_TRUE(test, kxx_test_ktime_get_ns() - begin >= 25'000'000);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());

	event.in_msecs(20);
	{
		auto guard = event.state.lock();
		long left = wait_event_lock_irq_timeout(
			event.waiters, ticked, guard, static_cast<long>(msecs_to_jiffies(60'000)));

		KUNIT_EXPECT_TRUE(test, left > 0);
		KUNIT_EXPECT_EQ(test, guard->ticks, 1);
	}
}

static void condition_of_the_last_moment_leaves_a_jiffy(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	auto guard = box->state.lock();
	int looks = 0;
	/*
	 * wait_event_lock_irq_timeout() evaluates the condition before the wait, before the
	 * sleep, and after the timeout.
	 */
	auto third_time = [&looks](auto &) { return ++looks == 3; };

	KUNIT_EXPECT_EQ(test, wait_event_lock_irq_timeout(box->waiters, third_time, guard, 2), 1);
}

static void interruptible_timeout_says_what_ended_it(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	Event &event = *box;
	auto wait = [&](auto condition, long timeout) KXX_MAY_SLEEP -> long {
		auto guard = event.state.lock();
		auto left = wait_event_interruptible_lock_irq_timeout(event.waiters, condition,
								      guard, timeout);

		if (!left)
			return left.error().to_errno();
		return std::move(left).value();
	};

	KUNIT_EXPECT_EQ(test, wait(never, 0), 0);
	KUNIT_EXPECT_EQ(test, wait(never, 2), 0);
	kxx_test_signal(KXX_TEST_SIGNAL);
	KUNIT_EXPECT_EQ(test, wait(never, 1000), ERESTARTSYS.to_errno());
	kxx_test_signal(KXX_TEST_NO_SIGNAL);
	event.in_msecs(20);
	KUNIT_EXPECT_TRUE(test, wait(ticked, static_cast<long>(msecs_to_jiffies(60'000))) > 0);
	KUNIT_EXPECT_EQ(test, wait(ticked, 7), 7);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static constexpr unsigned int turns_each = 500;

/* Every task waits for its turn; a wake-up reaches tasks whose turn it is not. */
static void tasks_take_turns(struct kunit *test)
{
	struct Turns {
		static void run(void *data) KXX_MAY_SLEEP
		{
			auto &self = *static_cast<Turns *>(data);
			unsigned int cpus = kxx_test_nr_online_cpus();
			unsigned int me = static_cast<unsigned int>(self.arrived.next());

			for (unsigned int i = 0; i < turns_each; i++) {
				auto guard = self.turn.lock();

				wait_event_lock_irq(
					self.waiters,
					[me, cpus](Counter &turn) {
						return turn.value % cpus == me;
					},
					guard);
				guard->value++;
				self.waiters.wake_up_all();
			}
		}
		SpinLockIrq<Counter> turn;
		WaitQueueHead<Turns> waiters;
		Flag arrived;
	};
	Turns turns;

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(turns.run, &turns) == 0);
	KUNIT_EXPECT_EQ(test, turns.turn.lock()->value, turns_each * kxx_test_nr_online_cpus());
}

namespace {

/*
 * One interruptible and one uninterruptible sleeper. A timer first wakes only the interruptible
 * one, later both, and records which sleeper has evaluated its condition in between.
 */
struct Sleepers {
	struct State {
		unsigned int interruptible_looks = 0;
		unsigned int uninterruptible_looks = 0;
		bool go = false;
	};

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<Sleepers *>(data);
		int me = self.arrived.next();
		auto guard = self.state.lock();

		if (me == 0)
			self.interrupted = !wait_event_interruptible_lock_irq(
				self.waiters,
				[](State &state) {
					state.interruptible_looks++;
					return state.go;
				},
				guard);
		else if (me == 1)
			wait_event_lock_irq(
				self.waiters,
				[](State &state) {
					state.uninterruptible_looks++;
					return state.go;
				},
				guard);
	}
	static void timer_expired(Borrowed<Sleepers> self)
	{
		Looks now = self->state.with_locked(both);
		bool asleep = now.interruptible >= 2 && now.uninterruptible >= 2;
		bool woken = self->woken && now.interruptible > self->before.interruptible;

		if (!woken && --self->patience) {
			if (asleep && !self->woken) {
				self->before = now;
				self->woken = true;
				self->waiters.wake_up_interruptible();
			}
			self->timer.start(Borrowed(self.get()), 100'000'000);
			return;
		}
		self->after = now;
		self->state.lock()->go = true;
		self->waiters.wake_up_all();
	}
	struct Looks {
		unsigned int interruptible;
		unsigned int uninterruptible;
	};
	static Looks both(State &state)
	{
		return { state.interruptible_looks, state.uninterruptible_looks };
	}

	SpinLockIrq<State> state;
	WaitQueueHead<Sleepers> waiters;
	Flag arrived;
	bool interrupted = false;
	bool woken = false;
	/* Maximum number of timer rounds; a woken task may wait long for a CPU. */
	int patience = 300;
	Looks before = {};
	Looks after = {};
	HrTimer<Borrowed<Sleepers>, Sleepers> timer;
};

} // namespace

static void only_the_interruptible_are_woken(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	auto box = KUNIT_ASSERT_VALUE(test, Box<Sleepers>::make(GFP_KERNEL));
	Sleepers &sleepers = *box;

	sleepers.timer.start(Borrowed(&sleepers), 100'000'000);
	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(sleepers.run, &sleepers) == 0);
	KUNIT_EXPECT_TRUE(test, sleepers.woken);
	KUNIT_EXPECT_EQ(test, sleepers.after.interruptible, sleepers.before.interruptible + 1);
	KUNIT_EXPECT_EQ(test, sleepers.after.uninterruptible, sleepers.before.uninterruptible);
	KUNIT_EXPECT_FALSE(test, sleepers.interrupted);
}

static void signal_does_not_end_an_uninterruptible_wait(struct kunit *test) KXX_MAY_SLEEP
{
	auto box = KUNIT_ASSERT_VALUE(test, Event::make());
	Event &event = *box;

	kxx_test_signal(KXX_TEST_FATAL_SIGNAL);
	event.in_msecs(20);
	{
		auto guard = event.state.lock();

		wait_event_lock_irq(event.waiters, ticked, guard);
		KUNIT_EXPECT_EQ(test, guard->ticks, 1);
		guard->ticks = 0;
	}
	event.in_msecs(20);
	{
		auto guard = event.state.lock();
		long left = wait_event_lock_irq_timeout(
			event.waiters, ticked, guard, static_cast<long>(msecs_to_jiffies(60'000)));

		KUNIT_EXPECT_TRUE(test, left > 0);
		KUNIT_EXPECT_EQ(test, guard->ticks, 1);
	}
	kxx_test_signal(KXX_TEST_NO_SIGNAL);
}

KXX_KUNIT_SUITE(kxx_kunit_wait, "kxx_wait", KXX_KUNIT_CASE(wait_is_woken_from_a_timer),
		KXX_KUNIT_CASE(true_condition_does_not_wait),
		KXX_KUNIT_CASE(interruptible_wait_ends_at_a_signal),
		KXX_KUNIT_CASE(wait_ends_at_its_timeout),
		KXX_KUNIT_CASE(condition_of_the_last_moment_leaves_a_jiffy),
		KXX_KUNIT_CASE(interruptible_timeout_says_what_ended_it),
		KXX_KUNIT_CASE(tasks_take_turns), KXX_KUNIT_CASE(only_the_interruptible_are_woken),
		KXX_KUNIT_CASE(signal_does_not_end_an_uninterruptible_wait));
