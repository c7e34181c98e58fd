/* SPDX-License-Identifier: GPL-2.0 */
/*
 * throttle.hpp - a limit on a disk's bandwidth
 *
 * Implements null_blk's mbps: requests use up a budget of bytes, which a timer refills 50 times a
 * second. The queue is stopped while the budget is used up. Only requests that transfer data use
 * budget. In null_blk a discard uses budget, too, although it transfers nothing.
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
 * Throttle - limits the MiB that requests transfer per second
 *
 * The driver of a throttled disk passes requests through queue_rq() before it starts them. A
 * request is admitted while the budget is above 0, and its whole size is subtracted, so the
 * budget may become negative until the next refills. So the mean rate is also right for requests
 * larger than the budget of a tick, on which null_blk hangs. At most the budget of one tick is
 * saved up.
 *
 * The timer stops if no request used budget for a tick. The Throttle must be destroyed after the
 * disk, because removing the disk waits until the timer has admitted all waiting requests.
 *
 * Pinned. Context: queue_rq(): as blk-mq's queue_rq. Destructor: process, may sleep.
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

	/** make - creates a Throttle of @mbps MiB a second; -EINVAL for 0, -ENOMEM */
	static kxx::Result<kxx::Box<Throttle>> make(unsigned int mbps) KXX_MAY_SLEEP;

	explicit Throttle(unsigned int mbps);
	Throttle(const Throttle &) = delete;
	Throttle &operator=(const Throttle &) = delete;

	/**
	 * queue_rq - if there is budget, calls @f(std::move(@rq)) and returns its result
	 *
	 * Otherwise gives @rq back, and stops its queue until there is budget. A request that
	 * transfers no data needs no budget.
	 */
	template <typename OwnedRequest, typename F>
	kxx::QueueStatus queue_rq(OwnedRequest rq, F &&f) KXX_MAY_SLEEP
	{
		if (transfers_data(rq->op())) {
			auto budget = budget_.lock();

			/* Restart the timer after a pause without requests. */
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
		/* Set while the queue is stopped. refill() resets this to run the queue again. */
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
	/* Declared last, so destroyed first: refill() cannot run while the rest is destroyed. */
	kxx::HrTimer<Tick, Throttle> timer_;
};

} // namespace cxxnull
