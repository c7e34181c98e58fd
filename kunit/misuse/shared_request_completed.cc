// SPDX-License-Identifier: GPL-2.0
// expect: has no member named 'complete'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void complete(Owned<Request<Disk>> rq) const;
};

void interrupt(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare())
		owned->complete();
#else
	rq.complete();
#endif
}
