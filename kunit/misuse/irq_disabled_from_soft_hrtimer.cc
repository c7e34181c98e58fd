// SPDX-License-Identifier: GPL-2.0
// expect: no matching function for call to 'Disk::timer_expired(
// compiler: g++
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	using Rq = Owned<Request<Disk>>;

#ifndef MISUSE
	static void timer_expired(Rq rq);
#else
	static void timer_expired(Rq rq, const irq::Disabled &irq);
#endif
	HrTimer<Rq, Disk, HrTimerMode::REL> timer;
};

Result<Box<Disk>> probe() KXX_MAY_SLEEP
{
	return Box<Disk>::make(GFP_KERNEL);
}
