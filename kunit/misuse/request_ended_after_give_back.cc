// SPDX-License-Identifier: GPL-2.0
// expect: method 'end' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	QueueStatus status = rq.give_back(Retry::RESOURCE);

#ifdef MISUSE
	rq.end(BlkStatus::IOERR);
#endif
	return status;
}
