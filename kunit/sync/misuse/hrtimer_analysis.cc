// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace hrtimer_ends_under_spinlock {
struct Stats {
	unsigned long reads = 0;
};

struct Owner {
	using Raw = Stats *;

	Raw into_raw() && { return stats; }
	static Owner from_raw(Raw raw) { return Owner{ raw }; }

	Stats *stats;
};

struct Handler {
	static void timer_expired(Owner) {}
};

void count(SpinLock<Stats> &stats) KXX_MAY_SLEEP
{
#ifndef MISUSE
	HrTimer<Owner, Handler> timer;
	auto guard = stats.lock();
#else
	auto guard = stats.lock();
	HrTimer<Owner, Handler> timer;
#endif

	guard->reads++;
} // expected-warning {{cannot call function '~HrTimer' while context 'atomic' is held}}
} // namespace hrtimer_ends_under_spinlock

namespace hrtimer_hard_handler_sleeps {
struct Disk {
	// expected-warning@kxx/sync/hrtimer.hpp:* {{calling function 'timer_expired' requires negative capability '!atomic_context'}}
	// expected-note@-2 {{requested here}}
	using Rq = Owned<Request<Disk>>;

#ifndef MISUSE
	static void timer_expired(Rq rq, const irq::Disabled &irq);
#else
	static void timer_expired(Rq rq, const irq::Disabled &irq) KXX_MAY_SLEEP;
#endif
	HrTimer<Rq, Disk, HrTimerMode::REL_HARD> timer;
};

Result<Box<Disk>> probe() KXX_MAY_SLEEP
{
	return Box<Disk>::make(GFP_KERNEL);
}
} // namespace hrtimer_hard_handler_sleeps

namespace hrtimer_restarted_with_ended_request {
struct Disk {
	using Rq = Owned<Request<Disk>>;

	static void timer_expired(Rq rq);
};

void restart(HrTimer<Disk::Rq, Disk> &timer, Disk::Rq rq)
{
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif
	timer.restart(std::move(rq), 1000);
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
}
} // namespace hrtimer_restarted_with_ended_request
