// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
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
	return QueueStatus(KXX_BLK_STS_RESOURCE, nullptr);
#endif
}
