// SPDX-License-Identifier: GPL-2.0
// expect: constraints not satisfied
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

unsigned int number(Hctx<Disk> hctx)
{
#ifdef MISUSE
	return sizeof(hctx.data());
#else
	return hctx.queue_num();
#endif
}
