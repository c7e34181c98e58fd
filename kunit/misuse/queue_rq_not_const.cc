// SPDX-License-Identifier: GPL-2.0
// expect: queue_rq must be: QueueStatus queue_rq(Owned<Request<Driver>>) const
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
#else
	QueueStatus queue_rq(Owned<Request<Disk>> rq)
#endif
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
