// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator->' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
{
	unsigned int bytes = rq->bytes();

	rq.end(BlkStatus::OK);
#ifdef MISUSE
	bytes = rq->bytes();
#endif
	pr_info("%u bytes\n", bytes);
}
