// SPDX-License-Identifier: GPL-2.0
// expect: commit_rqs must be: void commit_rqs(Hctx<Driver>)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last) const;
#ifndef MISUSE
	void commit_rqs(Hctx<Disk> hctx) const;
#else
	void commit_rqs();
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
