// SPDX-License-Identifier: GPL-2.0
// expect: 'struct kxx::detail::NoPdu' has no member named 'retries'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	struct Pdu {
		unsigned int retries = 0;
	};
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq->pdu().retries++;
		return rq.give_back(Retry::RESOURCE);
	}
};
