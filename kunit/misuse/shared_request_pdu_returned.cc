// SPDX-License-Identifier: GPL-2.0
// expect: reference to stack memory associated with parameter 'rq' returned
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
		unsigned int retries = 0;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

#ifndef MISUSE
const Disk::Pdu &pdu_of(const ARef<Request<Disk>> &rq KXX_LIFETIMEBOUND KXX_UNCONSUMED)
#else
const Disk::Pdu &pdu_of(ARef<Request<Disk>> rq)
#endif
{
	return rq->pdu();
}
