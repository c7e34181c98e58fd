// SPDX-License-Identifier: GPL-2.0
// expect: method 'share' on object 'rq' while it is in the 'consumed' state
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

	auto one = rq.share();
#ifndef MISUSE
	auto other = one.share();
#else
	auto other = rq.share();
#endif

	keep(std::move(other));
	one.end(BlkStatus::OK);
	return QueueStatus::ok();
}
