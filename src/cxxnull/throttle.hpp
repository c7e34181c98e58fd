/* SPDX-License-Identifier: GPL-2.0 */
/*
 * throttle.hpp - a limit on a disk's bandwidth
 *
 * null_blk's mbps: requests use up a budget of bytes, which a timer refills 50 times a
 * second. The queue is stopped while the budget is used up. Unlike null_blk, only
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
 * Throttle - admits a number of MiB of requests per second
 *
 * The driver of a throttled disk passes requests through queue_rq() before it starts them.
 * A request is admitted while the budget is above 0, and all of its bytes are subtracted, so
 * the budget may become negative until the next refills. So the mean is right for requests
 * that are larger than the budget of a tick, too; null_blk hangs on those. At most the budget
 * of one tick is saved up.
 *
 * The timer stops when nothing was used for a tick. The driver destroys this after the disk:
 * requests that wait for budget are admitted first, at the same rate.
 *
 * Pinned. Context: queue_rq(): process, as queue_rq. Destructor: process, may sleep.
 */
class Throttle {
public:
	static constexpr unsigned int ticks_per_second = 50;

	/** Tick - argument of the timer: the throttle to refill */
	struct Tick {
		using Raw = Throttle *;

		Throttle *throttle;

		Raw into_raw() && { return throttle; }
		static Tick from_raw(Raw raw) { return { raw }; }
	};

	/** make - admits @mbps MiB a second; -EINVAL for 0, -ENOMEM */
	static kxx::Result<kxx::Box<Throttle>> make(unsigned int mbps) KXX_MAY_SLEEP;

	explicit Throttle(unsigned int mbps);
	Throttle(const Throttle &) = delete;
	Throttle &operator=(const Throttle &) = delete;

	/**
	 * queue_rq - returns @f(std::move(@rq)) if there is budget
	 *
	 * Otherwise gives @rq back, and stops its queue until there is budget. A request that
	 * transfers no data needs no budget.
	 */
	template <typename OwnedRequest, typename F>
	kxx::QueueStatus queue_rq(OwnedRequest rq, F &&f) KXX_MAY_SLEEP
	{
		if (transfers_data(rq->op())) {
			auto budget = budget_.lock();

			/* For the first request after a pause. */
			if (!budget->timer_runs) {
				budget->timer_runs = true;
				timer_.start(Tick{ this }, ns_per_tick);
			}
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

	/** timer_expired - refills the budget. Context: hardirq; a thread on PREEMPT_RT */
	static void timer_expired(Tick tick) { tick.throttle->refill(); }

private:
	static constexpr u64 ns_per_tick = 1000000000 / ticks_per_second;

	struct Budget {
		s64 bytes;
		bool timer_runs = false;
		/* A request that was given back waits for its end. */
		std::optional<kxx::StoppedQueue> stopped = std::nullopt;
	};

	static bool transfers_data(kxx::ReqOp op)
	{
		return op == kxx::ReqOp::READ || op == kxx::ReqOp::WRITE ||
		       op == kxx::ReqOp::ZONE_APPEND;
	}

	void refill();

	const s64 bytes_per_tick_;
	kxx::SpinLockIrq<Budget> budget_;
	/* Destroyed first, so that it does not expire any more. */
	kxx::HrTimer<Tick, Throttle> timer_;
};

} // namespace cxxnull
