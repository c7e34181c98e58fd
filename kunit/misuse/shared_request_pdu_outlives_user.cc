// SPDX-License-Identifier: GPL-2.0
// expect: temporary bound to local reference 'pdu' will be destroyed at the end of the full-expression
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
		unsigned int retries = 0;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

ARef<Request<Disk>> find();

unsigned int retries()
{
#ifndef MISUSE
	auto rq = find();
	auto &pdu = rq->pdu();
#else
	auto &pdu = find()->pdu();
#endif

	return pdu.retries;
}
