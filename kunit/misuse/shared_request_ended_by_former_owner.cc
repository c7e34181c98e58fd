// SPDX-License-Identifier: GPL-2.0
// expect: method 'end' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(ARef<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();

	auto shared = rq.share();

	keep(shared.share());
#ifndef MISUSE
	shared.end(BlkStatus::OK);
#else
	rq.end(BlkStatus::OK);
#endif
	return QueueStatus::ok();
}
