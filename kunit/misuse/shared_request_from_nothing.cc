// SPDX-License-Identifier: GPL-2.0
// expect: 'kxx::ARef<kxx::Request<Driver> >::ARef(Raw)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

#ifndef MISUSE
ARef<Request<Disk>> find(const ARef<Request<Disk>> &rq)
{
	return rq.share();
}
#else
ARef<Request<Disk>> find(struct request *rq)
{
	return ARef<Request<Disk>>(rq);
}
#endif
