// SPDX-License-Identifier: GPL-2.0
// expect: poll must be: unsigned int poll(Hctx<Driver>, IoCompBatch<Driver> &)
// compiler: g++
#include <kxx/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq);
#ifndef MISUSE
	unsigned int poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch);
#else
	unsigned int poll(Hctx<Disk> hctx);
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
