// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void refuse(RequestList<Disk> &list, Owned<Request<Disk>> rq)
{
	list.put_back(std::move(rq));
#ifdef MISUSE
	rq.end(BlkStatus::IOERR);
#endif
}
