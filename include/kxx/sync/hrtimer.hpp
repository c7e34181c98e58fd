/* SPDX-License-Identifier: GPL-2.0 */
/*
 * hrtimer.hpp - an hrtimer that owns an object while the timer is armed
 * Wraps <linux/hrtimer.h>. Glue: glue/sync/hrtimer.h
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/glue/sync/hrtimer.h>
#include <kxx/sync/irqflags.hpp>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>

KXX_LAYOUT(hrtimer);

namespace kxx {

/**
 * HrTimerMode - The context of the handler; the expiry time is relative to now in both modes
 * @REL: a hard interrupt; on PREEMPT_RT a thread with interrupts on
 * @REL_HARD: a hard interrupt with interrupts off, also on PREEMPT_RT
 */
enum class HrTimerMode : unsigned int {
	REL = KXX_HRTIMER_MODE_REL,
	REL_HARD = KXX_HRTIMER_MODE_REL_HARD,
};

/**
 * HrTimer - A one-shot hrtimer on CLOCK_MONOTONIC
 * @Owner: an owning type such as Owned or Box, with into_raw() and from_raw(); start() takes
 *         an Owner, and the handler gets it back
 * @Handler: a class with static timer_expired(Owner) or, in mode REL_HARD,
 *           static timer_expired(Owner, const irq::Disabled &)
 * @mode: see HrTimerMode
 *
 * The timer owns the object from start() until it expires or is cancelled, so no other code can
 * use the object too early, and none can use it twice. The destructor cancels an armed timer and
 * drops its object. Once it has begun, only timer_expired() of this timer may call start(); only
 * DEBUG_OBJECTS_TIMERS reports other calls. So declare a Work or an Irq that calls start() after
 * the timer. Cannot be moved. Not for a local variable: DEBUG_OBJECTS_TIMERS warns about a
 * timer on the stack. The object must not contain the timer: if timer_expired()
 * destroyed both, the destructor would wait for ever for timer_expired().
 *
 * Context: start(): any except NMI. timer_expired(): see HrTimerMode; in mode REL_HARD it may
 * take only raw locks. Destructor: process, may wait for a running timer_expired().
 *
 *     struct Pdu { HrTimer<Owned<Request<Disk>>, Disk> timer; };
 *     rq->pdu().timer.start(std::move(rq), 10'000);
 */
template <typename Owner, typename Handler, HrTimerMode mode = HrTimerMode::REL> class HrTimer {
public:
	/** HrTimer - hrtimer_setup() */
	HrTimer() { kxx_hrtimer_setup(timer_.get(), expired, c_mode); }
	HrTimer(const HrTimer &) = delete;
	HrTimer &operator=(const HrTimer &) = delete;
	~HrTimer() KXX_MAY_SLEEP
	{
		if (::hrtimer_cancel(timer_.get()) && raw_) [[maybe_unused]]
			Owner dropped = Owner::from_raw(raw_);
	}

	/**
	 * start - hrtimer_start(): takes @owner, and expires in @nsec nanoseconds
	 *
	 * If @owner is empty, or if the timer is armed already, start() drops @owner with a warning
	 * and does not start the timer.
	 */
	void start(Owner &&owner KXX_PARAM_TYPESTATE(unconsumed), u64 nsec)
	{
		if (take(std::move(owner)))
			kxx_hrtimer_start(timer_.get(), nsec, c_mode);
	}

	/**
	 * restart - hrtimer_forward_now(), hrtimer_start_expires(): as start(), but counts from
	 * the previous expiry
	 *
	 * The timer expires at the previous expiry plus the smallest multiple of @nsec that is
	 * in the future. A timer that timer_expired() restarts keeps its period: the delay of
	 * each handler does not add up, as it does with start().
	 */
	void restart(Owner &&owner KXX_PARAM_TYPESTATE(unconsumed), u64 nsec)
	{
		if (take(std::move(owner))) {
			kxx_hrtimer_forward_now(timer_.get(), nsec);
			kxx_hrtimer_start_expires(timer_.get(), absolute_mode);
		}
	}

	/**
	 * cancel - hrtimer_try_to_cancel(): stops the timer and returns the object
	 *
	 * Returns nothing if the timer is not armed, or if the handler already runs. So exactly
	 * one of cancel() and timer_expired() gets the object of each start(). Does not wait.
	 * Context: any except NMI.
	 */
	[[nodiscard]] std::optional<Owner> cancel()
	{
		if (::hrtimer_try_to_cancel(timer_.get()) <= 0)
			return std::nullopt;
		// SAFETY: hrtimer_try_to_cancel() returns 1 to only one caller per start(), and
		// then expired() does not run: no other code accesses raw_ now.
		return Owner::from_raw(std::exchange(raw_, nullptr));
	}

private:
	static constexpr auto c_mode = static_cast<enum hrtimer_mode>(mode);
	/* hrtimer_restart() has no HARD, without which PREEMPT_RT warns about a timer of REL_HARD. */
	static constexpr auto absolute_mode = static_cast<enum hrtimer_mode>(
		static_cast<unsigned int>(mode) & ~KXX_HRTIMER_MODE_REL);

	/* Makes the timer own @owner; returns false, with a warning, if the timer cannot be armed. */
	bool take(Owner &&owner)
	{
		auto raw = std::move(owner).into_raw();

		if (!raw) [[unlikely]] {
			kxx_warn("kxx: BUG: HrTimer::start() with an owner that is empty\n");
			return false;
		}
		if (raw_) [[unlikely]] {
			kxx_warn("kxx: BUG: HrTimer::start() on a timer that is armed\n");
			[[maybe_unused]] Owner dropped = Owner::from_raw(raw);
			return false;
		}
		raw_ = raw;
		return true;
	}

	static enum hrtimer_restart expired(struct hrtimer *timer)
	{
		// SAFETY: the hrtimer core passes the timer that start() armed. timer_ is the first
		// member of a standard-layout class, so both have the same address.
		auto *self = reinterpret_cast<HrTimer *>(timer);

		static_assert(__is_standard_layout(HrTimer));
		/*
		 * Do not touch *self once the handler has the owner: the handler may end the
		 * request that contains this timer, and the request may be in use again at once.
		 */
		auto owner = Owner::from_raw(std::exchange(self->raw_, nullptr));

		if constexpr (mode == HrTimerMode::REL_HARD)
			Handler::timer_expired(std::move(owner), irq::Disabled());
		else
			Handler::timer_expired(std::move(owner));
		return static_cast<enum hrtimer_restart>(KXX_HRTIMER_NORESTART);
	}

	Opaque<hrtimer> timer_;
	typename Owner::Raw raw_ = nullptr;
};

} // namespace kxx
