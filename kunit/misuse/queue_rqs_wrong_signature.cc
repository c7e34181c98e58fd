// SPDX-License-Identifier: GPL-2.0
// expect: queue_rqs must be: void queue_rqs(RequestList<Driver> &)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void queue_rqs(RequestList<Disk> &list) const;
#else
	void queue_rqs(RequestList<Disk> list) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
