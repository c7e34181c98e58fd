// SPDX-License-Identifier: GPL-2.0
/* mutex.cc - <kxx/mutex.hpp> */
#include <kxx/mutex.hpp>
#include <kxx/slab.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

/* One task holds the mutex; another one, with a signal pending, wants it. */
template <typename Want> struct Wanted {
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<Wanted *>(data);
		int me = self.arrived.next();

		if (me == 0) {
			auto guard = self.mutex.lock();

			self.stage.set(1);
			self.stage.wait_for(2);
		} else if (me == 1) {
			self.stage.wait_for(1);
			kxx_test_signal(true);
			self.got = Want::lock(self.mutex);
			kxx_test_signal(false);
			self.stage.set(2);
		}
	}

	Mutex<Counter> mutex;
	Flag arrived;
	Flag stage;
	bool got = true;
};

struct Interruptible {
	static bool lock(Mutex<Counter> &mutex) KXX_MAY_SLEEP
	{
		auto guard = mutex.lock_interruptible();

		return static_cast<bool>(guard);
	}
};

struct Killable {
	static bool lock(Mutex<Counter> &mutex) KXX_MAY_SLEEP
	{
		auto guard = mutex.lock_killable();

		return static_cast<bool>(guard);
	}
};

} // namespace

static void guard_opens_the_data_and_may_sleep(struct kunit *test) KXX_MAY_SLEEP
{
	Mutex<Counter> mutex;

	{
		auto guard = mutex.lock();
		auto memory = Box<Counter>::make(GFP_KERNEL);

		KUNIT_ASSERT_TRUE(test, memory);
		mutex.lockdep_assert_held();
		guard->value++;
	}
	mutex.lockdep_assert_not_held();
	KUNIT_EXPECT_EQ(test, mutex.with_locked([](Counter &counter) { return ++counter.value; }),
			2);
	KUNIT_EXPECT_EQ(test, (*mutex.lock()).value, 2);
}

static void lock_nested_has_a_level_of_its_own(struct kunit *test) KXX_MAY_SLEEP
{
	Mutex<Counter> parent;
	Mutex<Counter> child;

	{
		auto outer = parent.lock();
		auto inner = child.lock_nested(SINGLE_DEPTH_NESTING);

		inner->value = ++outer->value;
	}
	KUNIT_EXPECT_EQ(test, child.lock()->value, 1);
}

static void try_lock_of_a_held_mutex_fails(struct kunit *test)
{
	Mutex<Counter> mutex;

	Contention<Mutex<Counter>>(mutex).expect_refusal(test);
}

static void signal_ends_the_wait_for_a_mutex(struct kunit *test)
{
	Wanted<Interruptible> interruptible;
	Wanted<Killable> killable;

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(interruptible.run, &interruptible) == 0);
	KUNIT_EXPECT_EQ(test, interruptible.stage.get(), 2);
	KUNIT_EXPECT_FALSE(test, interruptible.got);
	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(killable.run, &killable) == 0);
	KUNIT_EXPECT_EQ(test, killable.stage.get(), 2);
	KUNIT_EXPECT_FALSE(test, killable.got);
}

static void free_mutex_is_had_whatever_is_pending(struct kunit *test) KXX_MAY_SLEEP
{
	Mutex<Counter> mutex;

	{
		auto guard = mutex.lock_interruptible();

		KUNIT_ASSERT_TRUE(test, guard);
		guard->value++;
	}
	{
		auto guard = mutex.lock_killable();

		KUNIT_ASSERT_TRUE(test, guard);
		guard->value++;
	}
	KUNIT_EXPECT_EQ(test, mutex.lock()->value, 2);
}

KXX_KUNIT_SUITE(kxx_kunit_mutex, "kxx_mutex", KXX_KUNIT_CASE(guard_opens_the_data_and_may_sleep),
		KXX_KUNIT_CASE(lock_nested_has_a_level_of_its_own),
		KXX_KUNIT_CASE(try_lock_of_a_held_mutex_fails),
		KXX_KUNIT_CASE(signal_ends_the_wait_for_a_mutex),
		KXX_KUNIT_CASE(free_mutex_is_had_whatever_is_pending));
