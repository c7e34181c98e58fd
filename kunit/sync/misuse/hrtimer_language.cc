// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

namespace hrtimer_copied {
struct Disk {
	using Rq = Owned<Request<Disk>>;

	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void start(HrTimer<Disk::Rq, Disk> &timer, Disk::Rq rq)
{
#ifndef MISUSE
	auto &same = timer;
#else
	auto same = timer;
	// expected-error@-1 {{call to deleted constructor of 'HrTimer<Disk::Rq, Disk>'}}
#endif

	same.start(std::move(rq), 1000);
}
} // namespace hrtimer_copied

namespace hrtimer_hard_without_irq_disabled {
struct Disk {
	// expected-error@kxx/sync/hrtimer.hpp:* {{too many arguments to function call, expected single argument 'rq', have 2 arguments}}
	// expected-note@-2 {{requested here}}
	using Rq = Owned<Request<Disk>>;

#ifndef MISUSE
	static void timer_expired(Rq rq, const irq::Disabled &irq);
#else
	static void timer_expired(Rq rq);
#endif
	HrTimer<Rq, Disk, HrTimerMode::REL_HARD> timer;
};

Result<Box<Disk>> probe() KXX_MAY_SLEEP
{
	return Box<Disk>::make(GFP_KERNEL);
}
} // namespace hrtimer_hard_without_irq_disabled
