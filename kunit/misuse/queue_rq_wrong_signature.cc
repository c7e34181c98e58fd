// SPDX-License-Identifier: GPL-2.0
// expect: queue_rq must be: QueueStatus queue_rq(Owned<Request<Driver>>)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#else
	QueueStatus queue_rq(Owned<Request<Disk>> &rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
