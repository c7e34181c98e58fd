// SPDX-License-Identifier: GPL-2.0
// expect: method 'end' on object 'rq' while it is in the 'unknown' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
{
	if (auto owned = rq.try_unshare())
		owned->end(BlkStatus::OK);
#ifndef MISUSE
	if (rq)
#endif
		rq.end(BlkStatus::OK);
}
