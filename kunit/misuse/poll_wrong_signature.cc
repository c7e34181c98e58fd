// SPDX-License-Identifier: GPL-2.0
// expect: poll must be: unsigned int poll(Hctx<Driver>, IoCompBatch<Driver> &)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	unsigned int poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch) const;
#else
	unsigned int poll(Hctx<Disk> hctx) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
