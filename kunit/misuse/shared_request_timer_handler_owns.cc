// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'std::remove_reference
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
	HrTimer<ARef<Request<Disk>>, Disk> timer;
};

Result<Box<Disk>> probe()
{
	return Box<Disk>::make(GFP_KERNEL);
}
