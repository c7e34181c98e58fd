// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'std::optional<kxx::Owned<kxx::Request<Driver> > > kxx::ARef<kxx::Request<Driver> >::try_unshare()
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare())
		owned->end(BlkStatus::OK);
#else
	rq.try_unshare();
#endif
}
