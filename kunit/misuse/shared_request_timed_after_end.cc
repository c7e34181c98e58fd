// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'consumed'
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	using Rq = ARef<Request<Disk>>;

	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void start(HrTimer<Disk::Rq, Disk> &timer, Disk::Rq rq)
{
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif
	timer.start(std::move(rq), 1000);
}
