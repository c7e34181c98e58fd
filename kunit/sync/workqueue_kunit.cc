// SPDX-License-Identifier: GPL-2.0
#include <kxx/mm/slab.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/workqueue.hpp>

#include "../kunit.hpp"
#include "locks.hpp"

using namespace kxx;
using namespace locks;

namespace {

struct Counts {
	Flag ticks;
	Flag runs;
	/* runs when the Work had been destroyed */
	int runs_before = 0;
};

/* Its timer queues its Work again and again, and for a while after the Work was destroyed. */
class Sensor {
public:
	Sensor(const Workqueue &wq, Counts &counts) : wq_(wq), counts_(counts)
	{
		timer_.start(Borrowed(this), period);
	}

	static void timer_expired(Borrowed<Sensor> self) { self->tick(); }
	void work() KXX_MAY_SLEEP { counts_.runs.next(); }

private:
	static constexpr u64 period = 1'000'000;

	/* Destroyed after the Work and before the timer */
	struct Pause {
		~Pause()
		{
			counts.runs_before = counts.runs.get();
			for (int first = counts.ticks.get(); counts.ticks.get() < first + 3;)
				kxx_test_msleep(1);
			kxx_test_msleep(20);
		}

		Counts &counts;
	};

	void tick()
	{
		work_.queue_work(wq_);
		counts_.ticks.next();
		timer_.start(Borrowed(this), period);
	}

	const Workqueue &wq_;
	Counts &counts_;
	HrTimer<Borrowed<Sensor>, Sensor> timer_;
	Pause pause_{ counts_ };
	Work<Sensor> work_{ *this };
};

} // namespace

static void destroyed_work_cannot_be_queued(struct kunit *test) KXX_MAY_SLEEP
{
	auto wq = KUNIT_ASSERT_VALUE(test, Workqueue::make("kxx_test"));
	Counts counts;

	{
		auto sensor = KUNIT_ASSERT_VALUE(test, Box<Sensor>::make(GFP_KERNEL, wq, counts));

		while (!counts.runs.get())
			kxx_test_msleep(1);
	}
	KUNIT_EXPECT_EQ(test, counts.runs.get(), counts.runs_before);
}

KXX_KUNIT_SUITE(kxx_kunit_workqueue, "kxx_workqueue",
		KXX_KUNIT_CASE(destroyed_work_cannot_be_queued));
