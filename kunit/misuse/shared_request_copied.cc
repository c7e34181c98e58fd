// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::ARef
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq);

void end_twice(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	end(rq.share());
#else
	end(rq);
#endif
	rq.end(BlkStatus::OK);
}
