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
std::optional<ARef<Request<Disk>>> find(Hctx<Disk> hctx, unsigned int tag)
{
	return hctx.tag_to_rq(tag);
}
#else
std::optional<ARef<Request<Disk>>> find(struct request *rq)
{
	return ARef<Request<Disk>>::try_get(rq);
}
#endif
