// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'operator=' on object 'rq' while it is in the 'unconsumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end_both(Owned<Request<Disk>> rq, Owned<Request<Disk>> other)
{
#ifndef MISUSE
	rq.end(BlkStatus::OK);
#endif
	rq = std::move(other);
	rq.end(BlkStatus::OK);
}
