// SPDX-License-Identifier: GPL-2.0
// expect: timeout must be: EhTimerReturn timeout(ARef<Request<Driver>>)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#else
	EhTimerReturn timeout(Owned<Request<Disk>> rq);
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
