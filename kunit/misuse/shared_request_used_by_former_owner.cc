// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator->' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();

	auto shared = rq.share();

#ifndef MISUSE
	pr_info("%u bytes\n", shared->bytes());
#else
	pr_info("%u bytes\n", rq->bytes());
#endif
	shared.end(BlkStatus::OK);
	return QueueStatus::ok();
}
