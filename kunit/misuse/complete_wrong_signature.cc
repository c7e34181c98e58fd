// SPDX-License-Identifier: GPL-2.0
// expect: complete must be: void complete(Owned<Request<Driver>>)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void complete(Owned<Request<Disk>> rq) const;
#else
	void complete(Request<Disk> &rq);
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
