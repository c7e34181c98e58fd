// SPDX-License-Identifier: GPL-2.0
// expect: method 'try_unshare' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(ARef<Request<Disk>> rq);

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	keep(rq.share());
#else
	keep(std::move(rq));
#endif
	if (auto owned = rq.try_unshare())
		owned->end(BlkStatus::OK);
}
