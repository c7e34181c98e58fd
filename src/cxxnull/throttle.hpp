/* SPDX-License-Identifier: GPL-2.0 */
/*
 * throttle.hpp - a limit of a disk's bandwidth
 *
 * null_blk's mbps: a budget of bytes that requests use up, and a timer refills 50
 * times a second. The queue is stopped while there is none. Unlike null_blk, only
 * requests that transfer data use it up: a discard moves none of the bytes that it is for.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/block/blk-mq.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

namespace cxxnull {

/**
 * Throttle - lets requests through, so many MiB of them in a second
 *
 * The driver of a throttled disk has one, and gives it its requests before they are
 * started. A request is let through while the budget is above 0, and all of its
 * bytes are taken off: what it takes too much is missing after the next refill. So
 * the mean is what was asked for, also for requests that are larger than the budget of
 * a tick, on which null_blk hangs. At most a tick's worth is saved up.
 *
 * The timer stops when nothing was used for a tick. Goes with the driver, after the
 * disk: the requests that wait for budget are let through first, at the same rate.
 *
 * Pinned. Context: queue_rq(): process, as queue_rq. Destructor: process, may sleep.
 *
 *     QueueStatus Disk::queue_rq(OwnedRequest rq)
 *     {
 *             return throttle_->queue_rq(std::move(rq), [this](OwnedRequest rq) {
 *                     rq.start();
 *                     ...
 *             });
 *     }
 */
class Throttle {
public:
	/** max_mbps - a larger limit is this one, as in null_blk */
	static constexpr unsigned int max_mbps = 40 * 1024;
	static constexpr unsigned int ticks_per_second = 50;

	/** Tick - what the timer is given: whose tick it is */
	struct Tick {
		using Raw = Throttle *;

		Throttle *throttle;

		Raw into_raw() && { return throttle; }
		static Tick from_raw(Raw raw) { return { raw }; }
	};

	/** make - at most @mbps MiB a second, from 1; -EINVAL for 0, with a line in the log, -ENOMEM */
	static kxx::Result<kxx::Box<Throttle>> make(unsigned int mbps) KXX_MAY_SLEEP;

	explicit Throttle(unsigned int mbps);
	Throttle(const Throttle &) = delete;
	Throttle &operator=(const Throttle &) = delete;
	~Throttle() = default;

	/**
	 * queue_rq - returns what @f(std::move(@rq)) does, if there is budget
	 *
	 * Gives @rq back otherwise, and stops its queue until there is. A request that
	 * transfers no data needs no budget.
	 */
	template <typename OwnedRequest, typename F>
	kxx::QueueStatus queue_rq(OwnedRequest rq, F &&f) KXX_MAY_SLEEP
	{
		if (transfers_data(rq->op())) {
			auto budget = budget_.lock();

			run_timer(*budget);
			if (budget->bytes <= 0) {
				auto &stopped = budget->stopped;

				if (!stopped)
					stopped.emplace(rq->queue().stop());
				return rq.give_back(*stopped);
			}
			budget->bytes -= rq->bytes();
		}
		return f(std::move(rq));
	}

	/** timer_expired - a tick. Context: hard interrupt; a thread on PREEMPT_RT */
	static void timer_expired(Tick tick);

private:
	struct Budget {
		s64 bytes;
		bool timer_runs = false;
		/* While it is, a request that was given back waits for that to end. */
		std::optional<kxx::StoppedQueue> stopped = std::nullopt;
	};

	static bool transfers_data(kxx::ReqOp op)
	{
		return op == kxx::ReqOp::READ || op == kxx::ReqOp::WRITE ||
		       op == kxx::ReqOp::ZONE_APPEND;
	}

	/* The first request after a pause makes the timer run. */
	void run_timer(Budget &budget)
	{
		if (budget.timer_runs)
			return;
		budget.timer_runs = true;
		start_timer();
	}
	void start_timer();
	void refill();

	const s64 bytes_per_tick_;
	kxx::SpinLockIrq<Budget> budget_;
	/* Goes first: it is not to tick any more. */
	kxx::HrTimer<Tick, Throttle> timer_;
};

} // namespace cxxnull
