// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void take(RequestList<Disk> &list)
{
#ifdef MISUSE
	list.pop();
#else
	if (auto rq = list.pop())
		rq->end(BlkStatus::OK);
#endif
}
