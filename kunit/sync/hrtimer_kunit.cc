// SPDX-License-Identifier: GPL-2.0
#include <kxx/mm/slab.hpp>
#include <kxx/sync/hrtimer.hpp>

#include "../kunit.hpp"
#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

constexpr u64 ms = 1000000;

/* Expires @total times; each handler runs for a quarter of the period before it arms the timer. */
template <HrTimerMode mode> class Metronome {
public:
	static constexpr u64 period = 20 * ms;
	static constexpr unsigned int total = 10;

	void run() KXX_MAY_SLEEP
	{
		timer_.start(Borrowed(this), period);
		while (!done_.get())
			kxx_test_msleep(1);
	}
	/* Nanoseconds from the first expiry to the last. */
	u64 took() const { return last_ - first_; }
	/* The shortest time between two expiries, in nanoseconds. */
	u64 shortest() const { return shortest_; }

	static void timer_expired(Borrowed<Metronome> self) { self->tick(); }
	static void timer_expired(Borrowed<Metronome> self, const irq::Disabled &) { self->tick(); }

private:
	void tick()
	{
		u64 now = kxx_test_ktime_get_ns();

		if (!expired_)
			first_ = now;
		else if (now - last_ < shortest_)
			shortest_ = now - last_;
		last_ = now;
		if (expired_++ == total) {
			done_.set(1);
			return;
		}
		while (kxx_test_ktime_get_ns() < last_ + period / 4)
			;
		timer_.restart(Borrowed(this), period);
	}

	unsigned int expired_ = 0;
	u64 first_ = 0;
	u64 last_ = 0;
	u64 shortest_ = ~0ull;
	Flag done_;
	HrTimer<Borrowed<Metronome>, Metronome, mode> timer_;
};

template <HrTimerMode mode> void expect_no_drift(struct kunit *test) KXX_MAY_SLEEP
{
	using Timer = Metronome<mode>;
	constexpr u64 most = Timer::period + Timer::period / 8;
	u64 shortest = ~0ull;

	/*
	 * A timer that drifts never expires before a period and a quarter. A busy host delays
	 * expiries, so one that is in time is enough: try again.
	 */
	for (int i = 0; i < 20 && shortest > most; i++) {
		auto timer = KUNIT_ASSERT_VALUE(test, Box<Timer>::make(GFP_KERNEL));

		timer->run();
		shortest = timer->shortest();
		KUNIT_EXPECT_TRUE(test, timer->took() >= (Timer::total - 1) * Timer::period);
	}
	KUNIT_EXPECT_TRUE(test, shortest <= most);
}

} // namespace

static void restarted_timer_keeps_its_period(struct kunit *test) KXX_MAY_SLEEP
{
	expect_no_drift<HrTimerMode::REL>(test);
}

static void restarted_hard_timer_keeps_its_period(struct kunit *test) KXX_MAY_SLEEP
{
	expect_no_drift<HrTimerMode::REL_HARD>(test);
}

KXX_KUNIT_SUITE(kxx_kunit_hrtimer, "kxx_hrtimer", KXX_KUNIT_CASE(restarted_timer_keeps_its_period),
		KXX_KUNIT_CASE(restarted_hard_timer_keeps_its_period));
