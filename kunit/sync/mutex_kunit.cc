// SPDX-License-Identifier: GPL-2.0
/* mutex_kunit.cc - tests of <kxx/sync/mutex.hpp> */
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>

#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

/*
 * One task holds the mutex; a second task with a signal pending waits for it. If the second task
 * is expected to get the mutex, the holder releases it; otherwise the holder waits until the
 * second task has given up.
 */
template <typename Want> struct Wanted {
	explicit Wanted(enum kxx_test_signal signal, bool had) : signal(signal), had(had) {}

	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<Wanted *>(data);
		int me = self.arrived.next();

		if (me == 0)
			self.hold();
		else if (me == 1)
			self.want();
	}
	void hold() KXX_MAY_SLEEP
	{
		auto guard = mutex.lock();

		stage.set(1);
		if (had)
			kxx_test_msleep(50);
		else
			stage.wait_for(2);
	}
	void want() KXX_MAY_SLEEP
	{
		stage.wait_for(1);
		kxx_test_signal(signal);
		got = Want::lock(mutex);
		kxx_test_signal(KXX_TEST_NO_SIGNAL);
		stage.set(2);
	}

	enum kxx_test_signal signal;
	bool had;
	bool got = false;
	Mutex<Counter> mutex;
	Flag arrived;
	Flag stage;
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

template <typename Want> void expect(struct kunit *test, enum kxx_test_signal signal, bool had)
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	Wanted<Want> wanted(signal, had);

	KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(wanted.run, &wanted) == 0);
	KUNIT_EXPECT_EQ(test, wanted.stage.get(), 2);
	KUNIT_EXPECT_EQ(test, wanted.got, had);
}

} // namespace

static void guard_opens_the_data_and_may_sleep(struct kunit *test) KXX_MAY_SLEEP
{
	Mutex<Counter> mutex;

	{
		auto guard = mutex.lock();
		auto memory = KUNIT_ASSERT_VALUE(test, Box<Counter>::make(GFP_KERNEL));

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
	expect<Interruptible>(test, KXX_TEST_NO_SIGNAL, true);
	expect<Interruptible>(test, KXX_TEST_SIGNAL, false);
	expect<Interruptible>(test, KXX_TEST_FATAL_SIGNAL, false);
}

static void only_a_fatal_signal_ends_a_killable_wait(struct kunit *test)
{
	expect<Killable>(test, KXX_TEST_SIGNAL, true);
	expect<Killable>(test, KXX_TEST_FATAL_SIGNAL, false);
}

static void levels_of_the_other_ways_to_lock(struct kunit *test) KXX_MAY_SLEEP
{
	Mutex<Counter> parent;
	Mutex<Counter> child;

	{
		auto outer = parent.lock();
		auto inner = child.lock_interruptible_nested(SINGLE_DEPTH_NESTING);

		KUNIT_ASSERT_TRUE(test, inner);
		inner->value++;
	}
	{
		auto outer = parent.lock();
		auto inner = child.lock_killable_nested(SINGLE_DEPTH_NESTING);

		KUNIT_ASSERT_TRUE(test, inner);
		inner->value++;
	}
	KUNIT_EXPECT_EQ(test, child.lock()->value, 2);
}

KXX_KUNIT_SUITE(kxx_kunit_mutex, "kxx_mutex", KXX_KUNIT_CASE(guard_opens_the_data_and_may_sleep),
		KXX_KUNIT_CASE(lock_nested_has_a_level_of_its_own),
		KXX_KUNIT_CASE(try_lock_of_a_held_mutex_fails),
		KXX_KUNIT_CASE(signal_ends_the_wait_for_a_mutex),
		KXX_KUNIT_CASE(only_a_fatal_signal_ends_a_killable_wait),
		KXX_KUNIT_CASE(levels_of_the_other_ways_to_lock));
