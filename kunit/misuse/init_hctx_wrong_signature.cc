// SPDX-License-Identifier: GPL-2.0
// expect: init_hctx must be: Result<void> init_hctx(Hctx<Driver>)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<void> init_hctx(Hctx<Disk> hctx) const;
#else
	int init_hctx(Hctx<Disk> hctx) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
