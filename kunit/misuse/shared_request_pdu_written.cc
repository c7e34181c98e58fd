// SPDX-License-Identifier: GPL-2.0
// expect: in read-only object
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
		unsigned int retries = 0;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void again(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare()) {
		(*owned)->pdu().retries++;
		owned->requeue();
	}
#else
	rq->pdu().retries++;
#endif
}
