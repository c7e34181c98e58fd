// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method 'abandon' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void timed_out(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif
	rq.abandon();
	return QueueStatus::ok();
}
