// SPDX-License-Identifier: GPL-2.0
/*
 * blk_mq_waiting_kunit.cc - tests of <kxx/block/request.hpp> and <kxx/block/request_queue.hpp>
 *
 * Requests wait for their timeout, for a timer, or for a queue that is stopped, frozen or
 * quiesced.
 */
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>
#include <kxx/sync/workqueue.hpp>

#include "disks.hpp"
#include "../kunit.hpp"

using namespace kxx;

namespace {

/* Abandons every second request, and keeps the others until the case ends them. */
class Abandoning : public disks::Counts {
public:
	QueueStatus queue_rq(Owned<Request<Abandoning>> rq) const
	{
		rq.start();
		begun.inc();
		if (begun.read() % 2)
			kept.lock()->emplace(std::move(rq));
		else
			rq.abandon();
		return QueueStatus::ok();
	}

	void timed_out(Owned<Request<Abandoning>> rq) const KXX_MAY_SLEEP
	{
		kxx_test_msleep(1);
		ended.inc();
		timeouts++;
		rq.end(BlkStatus::TIMEOUT);
	}

	/** take_kept - Returns the request that is kept, if any */
	std::optional<Owned<Request<Abandoning>>> take_kept() const
	{
		return std::exchange(*kept.lock(), std::nullopt);
	}

	disks::Seen<int> timeouts = 0;

private:
	SpinLock<std::optional<Owned<Request<Abandoning>>>> kept;
};

/* Stops its queue and refuses all requests until resume(). */
class Stopping : public disks::Counts {
public:
	QueueStatus queue_rq(Owned<Request<Stopping>> rq) const
	{
		queued.inc();

		auto guard = stopped.lock();
		auto &held = *guard;

		if (short_of) {
			if (!held)
				held.emplace(rq->queue().stop());
			return rq.give_back(*held);
		}
		rq.start();
		begun.inc();
		ended.inc();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

	void resume() const
	{
		auto held = stopped.lock();

		short_of = false;
		held->reset();
	}

	Atomic queued{ 0 };
	disks::Seen<bool> short_of = true;
	SpinLockIrq<std::optional<StoppedQueue>> stopped;
};

/* Returns the refusal late, when the queue has already been started again. */
class StoppingLate : public disks::Counts {
public:
	QueueStatus queue_rq(Owned<Request<StoppingLate>> rq) const KXX_MAY_SLEEP
	{
		if (queued.read()) {
			rq.start();
			begun.inc();
			ended.inc();
			rq.end(BlkStatus::OK);
			return QueueStatus::ok();
		}

		std::optional<StoppedQueue> stopped(rq->queue().stop());
		QueueStatus refused = rq.give_back(*stopped);

		stopped.reset();
		queued.inc();
		kxx_test_msleep(50);
		return refused;
	}

	Atomic queued{ 0 };
};

/* Starts a timer for each request, with delays around the timeout of the requests. */
class Late : public disks::Counts {
public:
	struct Pdu {
		mutable HrTimer<Owned<Request<Late>>, Late> timer;
	};

	explicit Late(u64 first_nsec, u64 step_nsec)
		: first_nsec_(first_nsec), step_nsec_(step_nsec)
	{
	}

	QueueStatus queue_rq(Owned<Request<Late>> rq) const
	{
		auto &timer = rq->pdu().timer;
		u64 nsec = first_nsec_ + static_cast<u64>(begun.read()) * step_nsec_;

		rq.start();
		begun.inc();
		timer.start(std::move(rq), nsec);
		return QueueStatus::ok();
	}

	static void timer_expired(Owned<Request<Late>> rq)
	{
		rq->queuedata().ended.inc();
		rq.end(BlkStatus::OK);
	}

	void timed_out(Owned<Request<Late>> rq) const { rq.end(BlkStatus::TIMEOUT); }
	std::optional<Owned<Request<Late>>> take_back(const Request<Late> &rq) const
	{
		auto taken = rq.pdu().timer.cancel();

		if (taken)
			taken_back.inc();
		return taken;
	}

	Atomic taken_back{ 0 };

private:
	const u64 first_nsec_, step_nsec_;
};

/* Ends each request after 30 ms. */
class Slow : public disks::Counts {
public:
	struct Pdu {
		HrTimer<Owned<Request<Slow>>, Slow> timer;
	};

	QueueStatus queue_rq(Owned<Request<Slow>> rq) const
	{
		auto &timer = rq->pdu().timer;

		rq.start();
		begun.inc();
		timer.start(std::move(rq), 30'000'000);
		return QueueStatus::ok();
	}

	static void timer_expired(Owned<Request<Slow>> rq)
	{
		rq->queuedata().ended.inc();
		rq.end(BlkStatus::OK);
	}
};

/* Counts callbacks that still run after they ended a request, and objects destroyed meanwhile. */
struct Lingers {
	Atomic running{ 0 }, destroyed_early{ 0 };
};

/*
 * Ends a request in complete(), which goes on for 300 ms: in a softirq a second after it was read,
 * or in a work item if @wq is set and the disk has two hardware queues.
 */
class Lingering {
public:
	using Rq = Owned<Request<Lingering>>;

	/* Static, since HctxData and a callback that is late must not use the driver's object. */
	static inline const Lingers *lingers;
	static inline const Workqueue *wq;

	struct Pdu {
		// NOLINTNEXTLINE(bugprone-unchecked-optional-access): work is queued with a request.
		void work() { take(*rq).complete(); }

		HrTimer<Rq, Lingering> timer;
		std::optional<Rq> rq;
		Work<Pdu> later{ *this };
	};
	struct HctxData {
		~HctxData() { note_destruction(); }
	};

	Lingering() = default;
	Lingering(const Lingering &) = delete;
	Lingering &operator=(const Lingering &) = delete;
	~Lingering() { note_destruction(); }

	QueueStatus queue_rq(Rq rq) const
	{
		auto &pdu = rq->pdu();

		rq.start();
		if (wq) {
			pdu.rq.emplace(std::move(rq));
			pdu.later.queue_work(*wq);
		} else {
			pdu.timer.start(std::move(rq), 1'000'000'000);
		}
		return QueueStatus::ok();
	}

	static void timer_expired(Rq rq) { rq.complete(); }

	void complete(Rq rq) const
	{
		lingers->running.inc();
		rq.end(BlkStatus::OK);
		for (u64 end = kxx_test_ktime_get_ns() + 300'000'000;
		     kxx_test_ktime_get_ns() < end;)
			kxx_test_cpu_relax();
		lingers->running.dec();
	}

private:
	static void note_destruction()
	{
		if (lingers->running.read())
			lingers->destroyed_early.inc();
	}
};

} // namespace

static void abandoned_request_is_owned_again_when_it_times_out(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(
			TagSet<Abandoning>::make({ .no_sched = true, .timeout_msecs = 100 }));
		auto disk = KXX_TRY(disks::add<Abandoning>(tags.share(), {}));
		const Abandoning &driver = disk.driver();

		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, tags->nr_busy(), 2);
		/* The timeout must not be delivered for the kept request, which has an owner. */
		for (int i = 0; i < 2; i++)
			kxx_test_time_out_busy(tags->raw());
		KUNIT_EXPECT_EQ(test, driver.timeouts, 1);
		KUNIT_EXPECT_EQ(test, tags->nr_busy(), 1);

		auto kept = driver.take_kept();

		KUNIT_EXPECT_TRUE(test, kept);
		if (kept) {
			driver.ended.inc();
			kept->end(BlkStatus::OK);
		}
		KUNIT_EXPECT_EQ(test, tags->nr_busy(), 0);

		/* Let blk-mq's own timer expire: the reader must get ETIMEDOUT. */
		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), ETIMEDOUT.to_errno());
		KUNIT_EXPECT_EQ(test, driver.timeouts, 2);
		if (auto last = driver.take_kept()) {
			driver.ended.inc();
			last->end(BlkStatus::OK);
		}
		KUNIT_EXPECT_EQ(test, driver.begun.read(), 4);
		KUNIT_EXPECT_TRUE(test, driver.balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void abandoned_request_has_an_owner_when_it_is_used_again(struct kunit *test) KXX_MAY_SLEEP
{
	/* The tag set has one request, so each bio below gets the same one. */
	auto tags = KUNIT_ASSERT_VALUE(
		test, TagSet<Abandoning>::make({ .queue_depth = 1, .no_sched = true }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Abandoning>(tags.share(), {}));
	const Abandoning &driver = disk.driver();

	/* The driver keeps the first and the third request, and abandons the second. */
	for (int timeouts : { 0, 1, 1 }) {
		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		kxx_test_time_out_busy(tags->raw());
		KUNIT_EXPECT_EQ(test, driver.timeouts, timeouts);
		if (auto kept = driver.take_kept()) {
			driver.ended.inc();
			kept->end(BlkStatus::OK);
		}
	}
	KUNIT_EXPECT_TRUE(test, driver.balanced());
}

static void stopped_queue_may_go_after_the_disk(struct kunit *test) KXX_MAY_SLEEP
{
	std::optional<StoppedQueue> later;
	auto run = [test, &later]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Stopping>::make({ .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Stopping>(std::move(tags), {}));
		const Stopping &driver = disk.driver();

		driver.short_of = false;
		KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
		later.emplace(disk.queue().stop());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	/* Wait until call_rcu() would have freed the queue if StoppedQueue held no reference. */
	kxx_test_rcu_barrier();
	later.reset();
}

static void stopped_queue_goes_on_when_that_is_dropped(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Stopping>::make({ .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Stopping>(std::move(tags), {}));
		const Stopping &driver = disk.driver();
		int queued;

		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		kxx_test_msleep(50);
		queued = driver.queued.read();
		KUNIT_EXPECT_TRUE(test, queued > 0);
		/* The queue is stopped, so blk-mq must not call queue_rq() again. */
		kxx_test_msleep(50);
		KUNIT_EXPECT_EQ(test, driver.queued.read(), queued);
		KUNIT_EXPECT_EQ(test, driver.begun.read(), 0);
		driver.resume();
		KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
		for (int i = 0; i < 100 && driver.begun.read() < 2; i++)
			kxx_test_msleep(10);
		KUNIT_EXPECT_EQ(test, driver.begun.read(), 2);
		KUNIT_EXPECT_TRUE(test, driver.balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

/* blk-mq uses removed hardware queues again, and does not start them. */
static void stopped_queue_goes_on_after_updates(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags = KUNIT_ASSERT_VALUE(
		test, TagSet<Stopping>::make({ .queues = { .read_queues = 1 }, .no_sched = true }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<Stopping>(tags.share(), {}));
	const Stopping &driver = disk.driver();

	driver.short_of = false;
	{
		StoppedQueue stopped = disk.queue().stop();

		KUNIT_EXPECT_TRUE(test, tags->update_nr_hw_queues({ .read_queues = 2 }));
	}
	KUNIT_EXPECT_TRUE(test, tags->update_nr_hw_queues({ .read_queues = 1 }));
	KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
	for (int i = 0; i < 100 && !driver.begun.read(); i++)
		kxx_test_msleep(10);
	KUNIT_EXPECT_EQ(test, driver.begun.read(), 1);
	/* Start the queues, or a failed case would wait for the request for ever. */
	StoppedQueue started = disk.queue().stop();
}

static void frozen_queue_has_no_requests(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Slow>::make({ .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Slow>(tags.share(), {}));
		const Slow &driver = disk.driver();

		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
		KUNIT_EXPECT_TRUE(test, driver.begun.read() > driver.ended.read());
		{
			auto frozen = disk.queue().freeze();

			KUNIT_EXPECT_EQ(test, driver.begun.read(), 1);
			KUNIT_EXPECT_TRUE(test, driver.balanced());
			KUNIT_EXPECT_EQ(test, tags->nr_busy(), 0);
		}
		KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
		KUNIT_EXPECT_EQ(test, driver.begun.read(), 2);
		KUNIT_EXPECT_TRUE(test, driver.balanced());
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void quiesced_queue_sends_nothing(struct kunit *test) KXX_MAY_SLEEP
{
	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Slow>::make({ .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Slow>(std::move(tags), {}));
		const Slow &driver = disk.driver();

		{
			auto quiesced = disk.queue().quiesce();

			KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
			kxx_test_msleep(50);
			KUNIT_EXPECT_EQ(test, driver.begun.read(), 0);
		}
		KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
		{
			auto frozen = disk.queue().freeze();

			KUNIT_EXPECT_EQ(test, driver.begun.read(), 2);
			KUNIT_EXPECT_TRUE(test, driver.balanced());
		}
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

static void quiesced_queue_may_end_after_the_disk(struct kunit *test) KXX_MAY_SLEEP
{
	std::optional<QuiescedQueue> later;
	auto run = [&later]() KXX_MAY_SLEEP -> Result<void> {
		auto tags = KXX_TRY(TagSet<Slow>::make({ .blocking = true, .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Slow>(std::move(tags), {}));

		later.emplace(kxx_disk_queue(disk.raw()));
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
	/* Wait until call_rcu() would have freed the queue if this held no reference. */
	kxx_test_rcu_barrier();
	later.reset();
}

static void late_refusal_is_sent_again_by_itself(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags = KUNIT_ASSERT_VALUE(
		test, TagSet<StoppingLate>::make({ .blocking = true, .no_sched = true }));
	auto disk = KUNIT_ASSERT_VALUE(test, disks::add<StoppingLate>(std::move(tags), {}));

	/* Send no other I/O, since another I/O would run the queue again. */
	KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), 0);
	KUNIT_EXPECT_EQ(test, disk.driver().ended.read(), 1);
}

static void timer_of_a_request_that_times_out_yields_it(struct kunit *test) KXX_MAY_SLEEP
{
	auto tags = KUNIT_ASSERT_VALUE(test, TagSet<Late>::make({ .timeout_msecs = 200 }));
	auto disk = KUNIT_ASSERT_VALUE(
		test, disks::add<Late>(std::move(tags), {}, 600'000'000'000ull, 0ull));

	KUNIT_EXPECT_EQ(test, disks::read(disk.raw()), ETIMEDOUT.to_errno());
	KUNIT_EXPECT_EQ(test, disk.driver().taken_back.read(), 1);
	KUNIT_EXPECT_EQ(test, disk.driver().ended.read(), 0);
}

static void timers_and_timeouts_end_each_request_once(struct kunit *test) KXX_MAY_SLEEP
{
	static constexpr int count = 64;
	auto tags = KUNIT_ASSERT_VALUE(
		test, TagSet<Late>::make(
			      { .queue_depth = count, .no_sched = true, .timeout_msecs = 1000 }));

	/* Delays reach far beyond the timeout, since blk-mq's timeout work may run late. */
	auto disk = KUNIT_ASSERT_VALUE(
		test, disks::add<Late>(std::move(tags), {}, 500'000'000ull, 60'000'000ull));
	const Late &driver = disk.driver();

	for (int i = 0; i < count; i++)
		KUNIT_EXPECT_EQ(test, kxx_test_bio_nowait(disk.raw()), 0);
	while (driver.ended.read() + driver.taken_back.read() < count)
		kxx_test_msleep(10);
	KUNIT_EXPECT_EQ(test, driver.begun.read(), count);
	KUNIT_EXPECT_EQ(test, driver.ended.read() + driver.taken_back.read(), count);
	KUNIT_EXPECT_TRUE(test, driver.taken_back.read() > 0);
}

static void disk_goes_after_callbacks_have_returned(struct kunit *test) KXX_MAY_SLEEP
{
	/*
	 * The last CPU reads, so its timer expires there. CPU 0 removes the disk: it also advances
	 * jiffies, without which the grace periods of SRCU in del_gendisk() would last as long as the
	 * softirq.
	 */
	struct Removal {
		static void run(void *data) KXX_MAY_SLEEP
		{
			auto &removal = *static_cast<Removal *>(data);
			unsigned int cpu = kxx_test_cpu();

			if (cpu == kxx_test_nr_online_cpus() - 1) {
				// NOLINTNEXTLINE(bugprone-unchecked-optional-access): CPU 0 waits.
				removal.error = kxx_test_bio_nowait(removal.disk->raw());
				removal.reads.set_release(1);
			}
			if (cpu != 0)
				return;
			while (!removal.reads.read_acquire())
				kxx_test_msleep(1);
			/* del_gendisk() waits for the read. */
			removal.disk.reset();
		}

		std::optional<GenDisk<Lingering>> disk;
		Atomic reads{ 0 };
		int error = 0;
	};

	auto wq = KUNIT_ASSERT_VALUE(test, Workqueue::make("kxxtest"));
	struct Way {
		bool blocking, works;
	};

	for (auto [blocking, works] : { Way{ false, false }, { true, false }, { false, true } }) {
		Lingers lingers;
		auto tags = KUNIT_ASSERT_VALUE(
			test,
			TagSet<Lingering>::make({ .queues = { .default_queues = works ? 2u : 1u },
						  .blocking = blocking }));

		Lingering::lingers = &lingers;
		Lingering::wq = works ? &wq : nullptr;

		Removal removal;

		removal.disk.emplace(
			KUNIT_ASSERT_VALUE(test, disks::add<Lingering>(std::move(tags), {})));
		KUNIT_EXPECT_EQ(test, kxx_test_run_on_each_cpu(removal.run, &removal), 0);
		KUNIT_EXPECT_EQ(test, removal.error, 0);
		KUNIT_EXPECT_EQ(test, lingers.running.read(), 0);
		KUNIT_EXPECT_EQ(test, lingers.destroyed_early.read(), 0);
	}
}

KXX_KUNIT_SUITE(kxx_kunit_blk_mq_waiting, "kxx_blk_mq_waiting",
		KXX_KUNIT_CASE(abandoned_request_is_owned_again_when_it_times_out),
		KXX_KUNIT_CASE(abandoned_request_has_an_owner_when_it_is_used_again),
		KXX_KUNIT_CASE(stopped_queue_may_go_after_the_disk),
		KXX_KUNIT_CASE(stopped_queue_goes_on_when_that_is_dropped),
		KXX_KUNIT_CASE(stopped_queue_goes_on_after_updates),
		KXX_KUNIT_CASE(frozen_queue_has_no_requests),
		KXX_KUNIT_CASE(quiesced_queue_sends_nothing),
		KXX_KUNIT_CASE(quiesced_queue_may_end_after_the_disk),
		KXX_KUNIT_CASE(late_refusal_is_sent_again_by_itself),
		KXX_KUNIT_CASE(timer_of_a_request_that_times_out_yields_it),
		KXX_KUNIT_CASE(timers_and_timeouts_end_each_request_once),
		KXX_KUNIT_CASE(disk_goes_after_callbacks_have_returned));
