/* SPDX-License-Identifier: GPL-2.0 */
/* locks.hpp - helpers for the suites of locks */
#pragma once

#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/irqflags.hpp>
#include <kxx/mm/slab.hpp>

#include "../kunit.hpp"
#include "../testlib.h"

namespace locks {

/* True if spinlocks disable interrupts on this kernel; on PREEMPT_RT they do not. */
inline constexpr bool spinlock_irqs_off = !KXX_CONFIG_PREEMPT_RT;

struct Counter {
	u64 value = 0;
};

/* Pointer to an object that the caller keeps alive, as the object of a timer. */
template <typename T> class Borrowed {
public:
	using Raw = T *;

	explicit Borrowed(T *object) : object_(object) {}
	Borrowed(Borrowed &&) = default;
	Borrowed &operator=(Borrowed &&) = delete;
	Borrowed(const Borrowed &) = delete;
	Borrowed &operator=(const Borrowed &) = delete;
	~Borrowed() = default;

	Raw into_raw() && { return object_; }
	static Borrowed from_raw(Raw object) { return Borrowed(object); }
	T *operator->() const { return object_; }
	T *get() const { return object_; }

private:
	T *object_;
};

/* An atomic integer with which tasks synchronize without a lock. */
class Flag {
public:
	void set(int value) { __atomic_store_n(&value_, value, __ATOMIC_RELEASE); }
	int get() const { return __atomic_load_n(&value_, __ATOMIC_ACQUIRE); }
	int next() { return __atomic_fetch_add(&value_, 1, __ATOMIC_ACQ_REL); }
	void wait_for(int value) const
	{
		while (get() < value)
			kxx_test_cpu_relax();
	}

private:
	int value_ = 0;
};

/* One CPU holds @lock while another CPU tries to take it, then releases it. */
template <typename Lock> class Contention {
public:
	explicit Contention(Lock &lock) : lock_(lock) {}

	void expect_refusal(struct kunit *test)
	{
		KXX_KUNIT_NEEDS_CPUS(test, 2);
		KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(run, this) == 0);
		KUNIT_EXPECT_FALSE(test, got_while_held_);
		KUNIT_EXPECT_TRUE(test, got_when_free_);
		KUNIT_EXPECT_EQ(test, kxx_irqs_disabled(), false);
	}

private:
	static void run(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<Contention *>(data);

		switch (self.arrived_.next()) {
		case 0:
			self.hold();
			break;
		case 1:
			self.try_it();
			break;
		default:
			break;
		}
	}
	void hold() KXX_MAY_SLEEP
	{
		auto guard = lock_.lock();

		stage_.set(1);
		stage_.wait_for(2);
	}
	void try_it() KXX_MAY_SLEEP
	{
		stage_.wait_for(1);
		{
			auto guard = lock_.try_lock();

			got_while_held_ = static_cast<bool>(guard);
		}
		stage_.set(2);
		/* The holder releases the lock now; retry until it has. */
		while (!got_when_free_) {
			auto guard = lock_.try_lock();

			got_when_free_ = static_cast<bool>(guard);
		}
	}

	Lock &lock_;
	Flag arrived_;
	Flag stage_;
	bool got_while_held_ = true;
	bool got_when_free_ = false;
};

/* Increments a counter in @Lock exactly 1,000,000 times, from a timer and all CPUs. */
template <typename Lock, kxx::HrTimerMode mode> class Million {
public:
	static void expect_exact(struct kunit *test) KXX_MAY_SLEEP
	{
		KXX_KUNIT_NEEDS_CPUS(test, 2);

		/* Allocate the timer: debugobjects reports timers on the stack. */
		kxx::Box<Million> box =
			KUNIT_ASSERT_VALUE(test, kxx::Box<Million>::make(kxx::GFP_KERNEL));

		Million &million = *box;
		unsigned int cpus = kxx_test_nr_online_cpus();

		million.per_thread_ = (total - ticks * per_tick) / cpus;
		million.timer_.start(Borrowed(&million), 1000);
		KUNIT_ASSERT_TRUE(test, kxx_test_run_on_each_cpu(run, &million) == 0);
		while (!million.done_.get())
			kxx_test_msleep(1);
		KUNIT_EXPECT_EQ(test, million.lock_.lock()->value,
				cpus * million.per_thread_ + ticks * per_tick);
		KUNIT_EXPECT_EQ(test, cpus * million.per_thread_ + ticks * per_tick, total);
		KUNIT_EXPECT_FALSE(test, kxx_irqs_disabled());
	}

	static void timer_expired(Borrowed<Million> self) { self->tick(); }
	static void timer_expired(Borrowed<Million> self, const kxx::irq::Disabled &)
	{
		self->tick();
	}

private:
	static constexpr u64 ticks = 1000;
	static constexpr u64 per_tick = 200;
	static constexpr u64 total = 1'000'000;

	static void run(void *data)
	{
		auto &self = *static_cast<Million *>(data);

		for (u64 i = 0; i < self.per_thread_; i++)
			self.lock_.lock()->value++;
	}
	void tick()
	{
		for (u64 i = 0; i < per_tick; i++)
			lock_.lock()->value++;
		/* Once done_ is set, the object may be freed, so do not touch it. */
		if (++ticked_ < ticks)
			timer_.start(Borrowed(this), 20'000);
		else
			done_.set(1);
	}

	Lock lock_;
	u64 ticked_ = 0;
	Flag done_;
	u64 per_thread_ = 0;
	kxx::HrTimer<Borrowed<Million>, Million, mode> timer_;
};

} // namespace locks
