// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'requeue'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void again(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare())
		owned->requeue();
#else
	rq.requeue();
#endif
}
