// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator->' on object 'rq' while it is in the 'unknown' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(ARef<Request<Disk>> rq);

void look(ARef<Request<Disk>> rq, bool late)
{
	if (late)
#ifndef MISUSE
		keep(rq.share());
#else
		keep(std::move(rq));
#endif
	pr_info("%u bytes\n", rq->bytes());
}
