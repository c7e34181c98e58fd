// SPDX-License-Identifier: GPL-2.0
/*
 * request_race_kunit.cc - a race of timer, timeout and cancellation to end the same requests
 *
 * Each request is shared with a timer. One CPU sends reads. Meanwhile each other CPU looks up all
 * tags, cancels the requests found and calls the timeout handler for all busy requests, again and
 * again.
 */
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/block/blkdev.hpp>
#include <kxx/sync/hrtimer.hpp>

#include "disks.hpp"
#include "race.hpp"
#include "../kunit.hpp"

using namespace kxx;

namespace {

constexpr unsigned int depth = 16;

class Racing : public disks::Counts {
public:
	static constexpr bool shares_requests = true;
	using Shared = ARef<Request<Racing>>;

	struct Pdu {
		/* Mutable, since the Pdu of a shared request is const. */
		mutable HrTimer<Shared, Racing> timer;
	};

	Result<void> init_hctx(Hctx<Racing> made) const
	{
		hctx.lock()->emplace(made);
		return {};
	}

	QueueStatus queue_rq(Owned<Request<Racing>> rq) const
	{
		auto nsec = static_cast<u64>(begun.read()) % 61 * 500;

		rq.start();
		begun.inc();

		auto one = rq.share();
		auto &timer = one->pdu().timer;

		/* "one" is dropped without end(): it must not decide the status. */
		timer.start(one.share(), nsec);
		return QueueStatus::ok();
	}

	static void timer_expired(Shared rq)
	{
		const Racing &disk = rq->queuedata();

		end(std::move(rq), BlkStatus::OK, disk.by_timer);
	}

	EhTimerReturn timeout(Shared rq) const
	{
		stop(std::move(rq), BlkStatus::TIMEOUT, by_timeout);
		return EhTimerReturn::DONE;
	}

	/* Cancels all requests that are in use. */
	void cancel_all() const
	{
		auto queue = hctx.with_locked([](auto &made) { return made; });

		if (!queue)
			return;
		for (unsigned int tag = 0; tag < depth; tag++)
			if (auto found = queue->tag_to_rq(tag))
				stop(*std::move(found), BlkStatus::NOSPC, by_cancel);
	}

	disks::PerCpu by_timer, by_timeout, by_cancel;
	SpinLock<std::optional<Hctx<Racing>>> hctx;

private:
	/*
	 * Counts before end(), since the case reads the counters as soon as the last request has
	 * ended; takes the count back if another reference was first.
	 */
	static void end(Shared rq, BlkStatus status, const disks::PerCpu &by)
	{
		const Atomic &here = by.here();

		here.inc();
		if (!rq.end(status))
			here.dec_return();
	}

	static void stop(Shared rq, BlkStatus status, const disks::PerCpu &by)
	{
		/* Drops the timer's reference, unless the timer has already expired. */
		auto cancelled = rq->pdu().timer.cancel();

		end(std::move(rq), status, by);
	}
};

} // namespace

static void each_request_ends_exactly_once(struct kunit *test) KXX_MAY_SLEEP
{
	KXX_KUNIT_NEEDS_CPUS(test, 2);

	auto run = [test]() KXX_MAY_SLEEP -> Result<void> {
		auto tags =
			KXX_TRY(TagSet<Racing>::make({ .queue_depth = depth, .no_sched = true }));
		auto disk = KXX_TRY(disks::add<Racing>(tags.share(), {}));
		const Racing &driver = disk.driver();
		unsigned int rounds = kxx_kunit_rounds() / depth * depth;
		int good = disks::race(test, disk, *tags, rounds, depth,
				       [](const Racing &driver) { driver.cancel_all(); });

		int timer = driver.by_timer.read(), timeout = driver.by_timeout.read(),
		    cancel = driver.by_cancel.read();
		int others = driver.by_timer.others.read() + driver.by_timeout.others.read() +
			     driver.by_cancel.others.read();

		/* kxx_test_bios() returned, so every request has ended. */
		KUNIT_EXPECT_EQ(test, driver.begun.read(), rounds);
		KUNIT_EXPECT_EQ(test, timer + timeout + cancel, rounds);
		KUNIT_EXPECT_EQ(test, good, timer);
		KUNIT_EXPECT_TRUE(test, timer > 0 && timeout > 0 && cancel > 0);
		KUNIT_EXPECT_TRUE(test, others > 0 && others < static_cast<int>(rounds));
		pr_info("kxx_request_race: %d ended by the timer, %d by timeout, %d cancelled; %d "
			"on CPU 0, %d on the others\n",
			timer, timeout, cancel, static_cast<int>(rounds) - others, others);
		return {};
	};

	KUNIT_EXPECT_TRUE(test, run());
}

KXX_KUNIT_SUITE_ON_REQUEST(kxx_kunit_request_race, "kxx_request_race",
			   KXX_KUNIT_CASE(each_request_ends_exactly_once));
