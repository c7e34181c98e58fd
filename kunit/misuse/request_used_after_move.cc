// SPDX-License-Identifier: GPL-2.0
// expect: method 'start' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(Owned<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	rq.start();
	keep(std::move(rq));
#else
	keep(std::move(rq));
	rq.start();
#endif
	return QueueStatus::ok();
}
