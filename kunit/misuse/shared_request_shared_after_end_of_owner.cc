// SPDX-License-Identifier: GPL-2.0
// expect: method 'share' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif

	auto shared = rq.share();

	shared.end(BlkStatus::OK);
	return QueueStatus::ok();
}
