// SPDX-License-Identifier: GPL-2.0
// expect: a driver with commit_rqs() must know which request is the last
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last) const;
#else
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#endif
	void commit_rqs(Hctx<Disk> hctx) const;
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
