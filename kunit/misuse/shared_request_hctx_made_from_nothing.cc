// SPDX-License-Identifier: GPL-2.0
// expect: is private within this context
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

#ifndef MISUSE
Hctx<Disk> hctx(const Owned<Request<Disk>> &rq)
{
	return rq->hctx();
}
#else
Hctx<Disk> hctx(struct blk_mq_hw_ctx *raw)
{
	return Hctx<Disk>(raw);
}
#endif
