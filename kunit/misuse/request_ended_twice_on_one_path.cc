// SPDX-License-Identifier: GPL-2.0
// expect: method 'end' on object 'rq' while it is in the 'unknown' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
	if (rq->op() == ReqOp::FLUSH) {
		rq.end(BlkStatus::NOTSUPP);
#ifndef MISUSE
		return QueueStatus::ok();
#endif
	}
	rq.end(BlkStatus::OK);
	return QueueStatus::ok();
}
