// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::ARef<kxx::Request<Disk> >'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifndef MISUSE
	rq.end(BlkStatus::OK);
#else
	rq.share();
#endif
	return QueueStatus::ok();
}
