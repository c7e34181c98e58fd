// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'start'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	rq.start();
#endif

	auto shared = rq.share();

#ifdef MISUSE
	shared.start();
#endif
	shared.end(BlkStatus::OK);
	return QueueStatus::ok();
}
