// SPDX-License-Identifier: GPL-2.0
// expect: timed_out() is for a driver that owns its requests, timeout() for one that shares them
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#ifdef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
