// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'kxx::ARef<kxx::Request<Disk> >' to 'kxx::Owned<kxx::Request<Disk> >&&'
// compiler: g++
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
#ifndef MISUSE
	using Rq = ARef<Request<Disk>>;
#else
	using Rq = Owned<Request<Disk>>;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void start(HrTimer<Disk::Rq, Disk> &timer, const ARef<Request<Disk>> &rq)
{
	timer.start(rq.share(), 1000);
}
