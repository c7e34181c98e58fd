// SPDX-License-Identifier: GPL-2.0
// expect: calling function 'timer_expired' requires negative capability '!atomic_context'
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
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
