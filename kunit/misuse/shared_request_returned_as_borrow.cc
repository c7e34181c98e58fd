// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with parameter 'rq' returned
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

#ifndef MISUSE
const Request<Disk> &borrow(const ARef<Request<Disk>> &rq KXX_LIFETIMEBOUND KXX_UNCONSUMED)
#else
const Request<Disk> &borrow(ARef<Request<Disk>> rq)
#endif
{
	return *rq;
}
