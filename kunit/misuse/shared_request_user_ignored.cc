// SPDX-License-Identifier: GPL-2.0
// expect: ignoring returned value of type 'kxx::ARef<kxx::Request<Disk> >'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
{
#ifdef MISUSE
	rq.share();
#endif
	rq.end(BlkStatus::OK);
}
