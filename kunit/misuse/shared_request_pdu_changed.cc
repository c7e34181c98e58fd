// SPDX-License-Identifier: GPL-2.0
// expect: passing 'const kxx::Atomic' as 'this' argument discards qualifiers
// compiler: g++
#include <kxx/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
#ifndef MISUSE
		mutable Atomic retries{ 0 };
#else
		Atomic retries{ 0 };
#endif
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq);
};

void again(const ARef<Request<Disk>> &rq)
{
	rq->pdu().retries.inc();
}
