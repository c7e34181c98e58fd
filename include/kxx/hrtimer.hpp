/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hrtimer.hpp - a timer that owns what it is started with
 * Wraps <linux/hrtimer.h>. Glue: glue/hrtimer.h
 */
#pragma once

#include <utility>

#include <kxx/annotations.hpp>
#include <kxx/glue/hrtimer.h>
#include <kxx/layout.hpp>
#include <kxx/printk.hpp>

KXX_LAYOUT(hrtimer);

namespace kxx {

/**
 * HrTimer - a one-shot hrtimer on CLOCK_MONOTONIC
 * @Owner: what the timer is given, and gives on when it expires: a type with
 *         into_raw() and from_raw(), as Owned has
 * @Handler: a class with a static timer_expired(Owner)
 *
 * From start() until it expires the timer owns the object, so nobody can reach
 * it too early or twice. Pinned. A timer that goes while it is armed is
 * cancelled first, and drops what it owns.
 *
 * Context: start(): any but NMI. timer_expired(): hard interrupt; on PREEMPT_RT
 * a thread. Destructor: process, may wait for a running timer_expired().
 *
 *     struct Pdu { HrTimer<Owned<Request<Disk>>, Disk> timer; };
 *     rq->pdu().timer.start(std::move(rq), 10'000);
 */
template <typename Owner, typename Handler> class HrTimer {
public:
	/** HrTimer - hrtimer_setup() */
	HrTimer() { kxx_hrtimer_setup(timer_.get(), expired); }
	HrTimer(const HrTimer &) = delete;
	HrTimer &operator=(const HrTimer &) = delete;
	~HrTimer()
	{
		if (kxx_hrtimer_cancel(timer_.get()) && raw_)
			Owner dropped = Owner::from_raw(raw_);
	}

	/**
	 * start - hrtimer_start(): takes @owner, expires in @nsec nanoseconds
	 *
	 * Warns and does not start when @owner is empty, or when the timer owns
	 * something already: then @owner is dropped.
	 */
	void start(Owner &&owner KXX_PARAM_TYPESTATE(unconsumed), u64 nsec)
	{
		auto raw = std::move(owner).into_raw();

		if (!raw) [[unlikely]] {
			kxx_warn("kxx: BUG: HrTimer::start() with an owner that is empty\n");
			return;
		}
		if (raw_) [[unlikely]] {
			kxx_warn("kxx: BUG: HrTimer::start() on a timer that is armed\n");
			Owner dropped = Owner::from_raw(raw);
			return;
		}
		raw_ = raw;
		kxx_hrtimer_start(timer_.get(), nsec);
	}

private:
	static enum hrtimer_restart expired(struct hrtimer *timer)
	{
		// SAFETY: only this class starts timer_, which is the first
		// member of a standard-layout class: both have one address.
		auto *self = reinterpret_cast<HrTimer *>(timer);

		static_assert(__is_standard_layout(HrTimer));
		/*
		 * Once the handler has the owner, the object that holds this
		 * timer may be in use again: do not touch *self after that.
		 */
		Handler::timer_expired(Owner::from_raw(std::exchange(self->raw_, nullptr)));
		return static_cast<enum hrtimer_restart>(KXX_HRTIMER_NORESTART);
	}

	Opaque<hrtimer> timer_;
	typename Owner::Raw raw_ = nullptr;
};

} // namespace kxx
