// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'give_back'
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
	return rq.give_back(Retry::RESOURCE);
#else
	return rq.share().give_back(Retry::RESOURCE);
#endif
}
