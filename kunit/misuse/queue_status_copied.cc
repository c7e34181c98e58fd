// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::QueueStatus::QueueStatus(const kxx::QueueStatus&)'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	QueueStatus status = rq.give_back(Retry::RESOURCE);

#ifndef MISUSE
	return status;
#else
	QueueStatus for_another_request = status;

	return for_another_request;
#endif
}
