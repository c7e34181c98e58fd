// SPDX-License-Identifier: GPL-2.0
// expect: a driver that shares requests says so
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	static constexpr bool shares_requests = true;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void interrupt(Hctx<Disk> hctx, unsigned int tag)
{
	if (auto rq = hctx.tag_to_rq(tag))
		rq->end(BlkStatus::OK);
}
