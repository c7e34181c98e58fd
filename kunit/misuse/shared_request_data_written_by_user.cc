// SPDX-License-Identifier: GPL-2.0
// expect: passing 'const kxx::Request<Disk>' as 'this' argument discards qualifiers
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

struct Fill {
	Result<void> operator()(Segment &segment) const;
};

Result<void> read(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	auto owned = rq.try_unshare();

	return owned ? (*owned)->for_each_segment(Fill()) : Result<void>();
#else
	return rq->for_each_segment(Fill());
#endif
}
