// SPDX-License-Identifier: GPL-2.0
/* wait.cc - <kxx/wait.hpp> */
#include <kxx/jiffies.hpp>
#include <kxx/slab.hpp>
#include <kxx/wait.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

/* What a timer makes true, and wakes up who waits for it. */
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

	/* Not on the stack, where debugobjects wants a timer to be announced. */
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
	auto made = Event::make();

	KUNIT_ASSERT_TRUE(test, made);

	Box<Event> box = std::move(made).value();
	Event &event = *box;

	event.in_msecs(20);
	{
		auto guard = event.state.lock();

		wait_event_lock_irq(event.waiters, ticked, guard);
		/* The guard holds again: interrupts as before, and the data what the timer made it. */
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
	auto made = Event::make();

	KUNIT_ASSERT_TRUE(test, made);

	Box<Event> box = std::move(made).value();
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
	auto made = Event::make();

	KUNIT_ASSERT_TRUE(test, made);

	Box<Event> box = std::move(made).value();
	Event &event = *box;

	event.in_msecs(20);
	{
		auto guard = event.state.lock();

		KUNIT_EXPECT_TRUE(test,
				  wait_event_interruptible_lock_irq(event.waiters, ticked, guard));
		KUNIT_EXPECT_EQ(test, guard->ticks, 1);
	}
	kxx_test_signal(true);
	{
		auto guard = event.state.lock();
		auto waited = wait_event_interruptible_lock_irq(event.waiters, never, guard);

		KUNIT_EXPECT_EQ(test, waited.to_errno(), ERESTARTSYS.to_errno());
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), spinlock_irqs_off);
		event.state.lockdep_assert_held();
	}
	kxx_test_signal(false);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static void wait_ends_at_its_timeout(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Event::make();

	KUNIT_ASSERT_TRUE(test, made);

	Box<Event> box = std::move(made).value();
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
	/* A jiffy less: the first one had begun. */
	KUNIT_EXPECT_TRUE(test, kxx_test_ktime_get_ns() - begin >= 40'000'000);
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

static void interruptible_timeout_says_what_ended_it(struct kunit *test) KXX_MAY_SLEEP
{
	auto made = Event::make();

	KUNIT_ASSERT_TRUE(test, made);

	Box<Event> box = std::move(made).value();
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
	kxx_test_signal(true);
	KUNIT_EXPECT_EQ(test, wait(never, 1000), ERESTARTSYS.to_errno());
	kxx_test_signal(false);
	event.in_msecs(20);
	KUNIT_EXPECT_TRUE(test, wait(ticked, static_cast<long>(msecs_to_jiffies(60'000))) > 0);
	KUNIT_EXPECT_EQ(test, wait(ticked, 7), 7);
	KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
}

static constexpr unsigned int turns_each = 500;

/* Every task waits for its turn; each wake_up() may reach the wrong one. */
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

static void only_the_interruptible_are_woken(struct kunit *test) KXX_MAY_SLEEP
{
	struct Sleeper {
		static void run(void *data) KXX_MAY_SLEEP
		{
			auto &self = *static_cast<Sleeper *>(data);

			if (self.arrived.next() == 0) {
				auto guard = self.go.lock();

				self.waiting.set(1);
				if (wait_event_interruptible_lock_irq(
					    self.waiters, [](Counter &go) { return go.value; },
					    guard))
					self.waiting.set(2);
			} else if (self.arrived.get() == 2) {
				self.waiting.wait_for(1);
				self.go.lock()->value = 1;
				self.waiters.wake_up_interruptible();
			}
		}

		SpinLockIrq<Counter> go;
		WaitQueueHead<Sleeper> waiters;
		Flag arrived;
		Flag waiting;
	};
	Sleeper sleeper;

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(sleeper.run, &sleeper) == 0);
	KUNIT_EXPECT_EQ(test, sleeper.waiting.get(), 2);
}

KXX_KUNIT_SUITE(kxx_kunit_wait, "kxx_wait", KXX_KUNIT_CASE(wait_is_woken_from_a_timer),
		KXX_KUNIT_CASE(true_condition_does_not_wait),
		KXX_KUNIT_CASE(interruptible_wait_ends_at_a_signal),
		KXX_KUNIT_CASE(wait_ends_at_its_timeout),
		KXX_KUNIT_CASE(interruptible_timeout_says_what_ended_it),
		KXX_KUNIT_CASE(tasks_take_turns), KXX_KUNIT_CASE(only_the_interruptible_are_woken));
