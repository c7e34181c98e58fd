// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::QueueStatus'
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
	rq.give_back(Retry::RESOURCE);
	return QueueStatus::ok();
#endif
}
