// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'kxx::Retry' to 'kxx::BlkStatus'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	return rq.give_back(Retry::RESOURCE);
#else
	rq.end(Retry::RESOURCE);
	return QueueStatus::ok();
#endif
}
