// SPDX-License-Identifier: GPL-2.0
/*
 * locks_stress.cc - a stress test of every lock
 *
 * Takes locks on all CPUs at once, alone and nested, while two timers and an interrupt take them
 * too. Each counter under a lock has an atomic counterpart, and both must agree at the end.
 */
#define pr_fmt(fmt) "kxx_stress: " fmt

#include <kxx/glue/sync/sched.h>
#include <kxx/device/interrupt.hpp>
#include <kxx/sync/jiffies.hpp>
#include <kxx/sync/local_lock.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/wait.hpp>

#include "locks.hpp"
#include "../random.hpp"
#include "stress.h"

using namespace kxx;
using namespace locks;

namespace {

/* The expected value of a counter, counted atomically. */
class Tally {
public:
	void add() { __atomic_fetch_add(&value_, 1, __ATOMIC_RELAXED); }
	u64 get() const { return __atomic_load_n(&value_, __ATOMIC_RELAXED); }

private:
	u64 value_ = 0;
};

class Stress {
public:
	Stress(LocalLock<Counter> local, LocalLockIrq<Counter> local_irq)
		: local_(std::move(local)), local_irq_(std::move(local_irq))
	{
	}
	Stress(const Stress &) = delete;
	Stress &operator=(const Stress &) = delete;
	~Stress() = default;

	Result<void> run(unsigned int seconds) KXX_MAY_SLEEP
	{
		int line = kxx_test_irq_alloc();

		if (line < 0)
			return Errno::from_errno(line);
		line_ = static_cast<unsigned int>(line);
		auto ran = run_with_line(seconds);

		kxx_test_irq_free(line_);
		return ran;
	}

	static void timer_expired(Borrowed<Stress> self)
	{
		self->count(self->irq_, self->irqs_);
		self->waiters_.wake_up();
		if (self->stop_.get())
			self->stopped_.next();
		else
			self->soft_.start(Borrowed(self.get()), 3'000'000);
	}
	static void timer_expired(Borrowed<Stress> self, const irq::Disabled &irq)
	{
		self->raw_irq_.lock(irq)->value++;
		self->raw_irqs_.add();
		if (self->stop_.get())
			self->stopped_.next();
		else
			self->hard_.start(Borrowed(self.get()), 2'000'000);
	}
	IrqReturn handle_irq(const irq::Disabled &irq) const
	{
		raw_irq_.lock(irq)->value++;
		raw_irqs_.add();
		return IrqReturn::HANDLED;
	}

private:
	struct Inner;

	Result<void> run_with_line(unsigned int seconds) KXX_MAY_SLEEP
	{
		auto irq = KXX_TRY(Irq<Stress>::request(line_, "kxx_stress", *this));

		until_ = kxx_test_ktime_get_ns() + u64{ seconds } * 1'000'000'000;
		soft_.start(Borrowed(this), 1000);
		hard_.start(Borrowed(this), 1000);

		int err = kxx_test_run_on_each_cpu(run_on_this_cpu, this);

		stop_.set(1);
		while (stopped_.get() < 2)
			kxx_test_msleep(1);
		if (err)
			return Errno::from_errno(err);
		return compare();
	}

	static void run_on_this_cpu(void *data) KXX_MAY_SLEEP
	{
		auto &self = *static_cast<Stress *>(data);
		Random random(static_cast<u64>(self.threads_.next()) + 1);

		while (kxx_test_ktime_get_ns() < self.until_) {
			self.round(random);
			self.rounds_.add();
			kxx_cond_resched();
		}
	}

	/* Holds locks in one of 16 ways, chosen at random. */
	void round(Random &random) KXX_MAY_SLEEP
	{
		switch (random.below(16)) {
		case 0:
			return mutex_and_allocate();
		case 1:
			return mutex_until_signal();
		case 2:
			return count(spin_, spins_);
		case 3:
			return count(bh_, bhs_);
		case 4:
			return count(irq_, irqs_);
		case 5:
			return count(raw_, raws_);
		case 6:
			return count(raw_irq_, raw_irqs_);
		case 7:
			return count(local_, locals_);
		case 8:
			return count(local_irq_, local_irqs_);
		case 9:
			return two_under_each_other();
		case 10:
			return wait_for_a_tick();
		case 11:
			return kxx_test_irq_raise(line_);
		case 12:
			return try_all();
		case 13:
			return raw_under_what_is_not();
		case 14:
			return end_in_any_order();
		default:
			return all_eight();
		}
	}

	template <typename Lock> static void count(Lock &lock, Tally &tally)
	{
		lock.lock()->value++;
		tally.add();
	}
	template <typename Lock> static void try_one(Lock &lock, Tally &tally)
	{
		if (auto guard = lock.try_lock()) {
			guard->value++;
			tally.add();
		}
	}
	void try_all() KXX_MAY_SLEEP
	{
		try_one(spin_, spins_);
		try_one(bh_, bhs_);
		try_one(irq_, irqs_);
		try_one(raw_, raws_);
		try_one(raw_irq_, raw_irqs_);
		if (auto guard = mutex_.try_lock()) {
			guard->value++;
			mutexes_.add();
		}
	}
	void mutex_and_allocate() KXX_MAY_SLEEP
	{
		auto guard = mutex_.lock();
		auto memory = Box<Counter>::make(GFP_KERNEL);

		guard->value++;
		mutexes_.add();
	}
	void mutex_until_signal() KXX_MAY_SLEEP
	{
		if (auto guard = mutex_.lock_interruptible()) {
			guard->value++;
			mutexes_.add();
		}
		if (auto guard = mutex_.lock_killable()) {
			guard->value++;
			mutexes_.add();
		}
	}
	void two_under_each_other()
	{
		{
			auto outer = irq_.lock();
			auto inner = irq_inner_.lock(outer);

			outer->value++;
			inner->value++;
		}
		irqs_.add();
		irq_inners_.add();
		{
			auto outer = raw_irq_.lock();
			auto inner = raw_irq_inner_.lock(outer);

			outer->value++;
			inner->value++;
		}
		raw_irqs_.add();
		raw_irq_inners_.add();
	}
	/* On PREEMPT_RT these locks leave interrupts on, so the hard timer may interrupt. */
	void raw_under_what_is_not()
	{
		{
			auto outer = irq_.lock();

			under(outer);
			outer->value++;
		}
		irqs_.add();
		{
			auto outer = local_irq_.lock();

			under(outer);
			outer->value++;
		}
		local_irqs_.add();
		if (auto outer = irq_.try_lock()) {
			under(outer);
			outer->value++;
			irqs_.add();
		}
	}
	/* Releases the outer lock first; interrupts must stay as the inner lock needs them. */
	template <bool counted = irq::counted> void end_in_any_order()
	{
		if constexpr (counted) {
			auto outer = irq_.lock_any_order();
			auto inner = irq_inner_.lock_any_order(outer);

			outer->value++;
			outer.unlock();
			if (kxx_irqs_disabled() != spinlock_irqs_off)
				irqs_on_.add();
			inner->value++;
			inner.unlock();
			if (kxx_irqs_disabled())
				irqs_on_.add();
			irqs_.add();
			irq_inners_.add();
		}
	}
	template <typename Outer> void under(Outer &outer KXX_UNCONSUMED)
	{
		raw_irq_.with_locked(outer, [this](Counter &counter) {
			counter.value++;
			if (!kxx_irqs_disabled())
				irqs_on_.add();
		});
		raw_irqs_.add();
	}
	void wait_for_a_tick() KXX_MAY_SLEEP
	{
		auto guard = irq_.lock();
		u64 seen = guard->value;
		long left = wait_event_lock_irq_timeout(
			waiters_, [seen](Counter &counter) { return counter.value != seen; }, guard,
			static_cast<long>(msecs_to_jiffies(10'000)));

		guard->value++;
		irqs_.add();
		if (!left)
			timeouts_.add();
	}
	void all_eight() KXX_MAY_SLEEP
	{
		auto one = mutex_.lock();
		auto two = bh_.lock();
		auto three = spin_.lock(two);
		auto four = local_.lock(three);
		auto five = irq_.lock(four);
		auto six = local_irq_.lock(five);
		/*
		 * raw_ must not nest here: its holders elsewhere leave interrupts on, so that a
		 * timer that waits for irq_ could interrupt a holder of raw_, and deadlock.
		 */
		auto seven = raw_inner_.lock(six);
		auto eight = raw_irq_.lock(seven);

		if (!kxx_irqs_disabled())
			irqs_on_.add();
		one->value++;
		two->value++;
		three->value++;
		four->value++;
		five->value++;
		six->value++;
		seven->value++;
		eight->value++;
		mutexes_.add();
		bhs_.add();
		spins_.add();
		locals_.add();
		irqs_.add();
		local_irqs_.add();
		raw_inners_.add();
		raw_irqs_.add();
	}

	Result<void> compare() KXX_MAY_SLEEP
	{
		bool right = true;
		u64 locals = 0;
		u64 local_irqs = 0;
		auto agree = [&](const char *lock, u64 counted, const Tally &tally) {
			if (counted == tally.get())
				return;
			pr_err("%s: counted %llu, did %llu\n", lock, counted, tally.get());
			right = false;
		};

		std::move(local_).for_each_possible_cpu([&](Counter &c) { locals += c.value; });
		std::move(local_irq_).for_each_possible_cpu([&](Counter &c) {
			local_irqs += c.value;
		});
		agree("Mutex", mutex_.lock()->value, mutexes_);
		agree("SpinLock", spin_.lock()->value, spins_);
		agree("SpinLockBh", bh_.lock()->value, bhs_);
		agree("SpinLockIrq", irq_.lock()->value, irqs_);
		agree("SpinLockIrq, inner", irq_inner_.lock()->value, irq_inners_);
		agree("RawSpinLock", raw_.lock()->value, raws_);
		agree("RawSpinLock, inner", raw_inner_.lock()->value, raw_inners_);
		agree("RawSpinLockIrq", raw_irq_.lock()->value, raw_irqs_);
		agree("RawSpinLockIrq, inner", raw_irq_inner_.lock()->value, raw_irq_inners_);
		agree("LocalLock", locals, locals_);
		agree("LocalLockIrq", local_irqs, local_irqs_);
		if (timeouts_.get()) {
			pr_err("%llu waits saw no tick\n", timeouts_.get());
			right = false;
		}
		if (irqs_on_.get()) {
			pr_err("%llu times interrupts were on that had to be off, or the reverse\n",
			       irqs_on_.get());
			right = false;
		}
		if (!right)
			return EIO;
		pr_info("%llu rounds, every count right\n", rounds_.get());
		return {};
	}

	Mutex<Counter> mutex_;
	SpinLockBh<Counter> bh_;
	SpinLock<Counter> spin_;
	LocalLock<Counter> local_;
	SpinLockIrq<Counter> irq_;
	SpinLockIrq<Counter, Inner> irq_inner_;
	LocalLockIrq<Counter> local_irq_;
	RawSpinLock<Counter> raw_;
	RawSpinLock<Counter, Inner> raw_inner_;
	RawSpinLockIrq<Counter> raw_irq_;
	RawSpinLockIrq<Counter, Inner> raw_irq_inner_;

	Tally mutexes_;
	Tally bhs_;
	Tally spins_;
	Tally locals_;
	Tally irqs_;
	Tally irq_inners_;
	Tally local_irqs_;
	Tally raws_;
	Tally raw_inners_;
	/* Mutable, since the interrupt handler has a const reference; Tally is atomic. */
	mutable Tally raw_irqs_;
	Tally raw_irq_inners_;

	Tally rounds_;
	Tally timeouts_;
	Tally irqs_on_;
	Flag threads_;
	Flag stop_;
	Flag stopped_;
	u64 until_ = 0;
	unsigned int line_ = 0;
	WaitQueueHead<> waiters_;
	HrTimer<Borrowed<Stress>, Stress> soft_;
	HrTimer<Borrowed<Stress>, Stress, HrTimerMode::REL_HARD> hard_;
};

Result<void> run(unsigned int seconds) KXX_MAY_SLEEP
{
	auto stress = KXX_TRY(Box<Stress>::make(GFP_KERNEL, KXX_TRY(LocalLock<Counter>::make()),
						KXX_TRY(LocalLockIrq<Counter>::make())));

	return stress->run(seconds);
}

} // namespace

int kxx_stress_run(unsigned int seconds) KXX_MAY_SLEEP
{
	return run(seconds).to_errno();
}
