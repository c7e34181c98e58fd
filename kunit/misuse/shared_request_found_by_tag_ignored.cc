// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'std::optional<kxx::ARef<kxx::Request<Driver> > > kxx::Hctx<Driver>::tag_to_rq(
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void interrupt(Hctx<Disk> hctx, unsigned int tag)
{
#ifndef MISUSE
	if (auto rq = hctx.tag_to_rq(tag))
		rq->end(BlkStatus::OK);
#else
	hctx.tag_to_rq(tag);
#endif
}
