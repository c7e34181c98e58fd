// SPDX-License-Identifier: GPL-2.0
// expect: assignment of member 'Disk::Pdu::retries' in read-only object
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
#ifndef MISUSE
		Atomic retries{ 0 };
#else
		unsigned int retries = 0;
#endif
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void again(const ARef<Request<Disk>> &rq)
{
#ifndef MISUSE
	rq->pdu().retries.set(1);
#else
	rq->pdu().retries = 1;
#endif
}
