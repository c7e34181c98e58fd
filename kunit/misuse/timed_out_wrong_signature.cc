// SPDX-License-Identifier: GPL-2.0
// expect: timed_out must be: void timed_out(Owned<Request<Driver>>)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const;
#else
	void timed_out(Request<Disk> &rq);
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
