// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'end'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	rq.end(BlkStatus::OK);
#else
	rq->end(BlkStatus::OK);
#endif
}
