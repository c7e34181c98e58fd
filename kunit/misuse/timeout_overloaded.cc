// SPDX-License-Identifier: GPL-2.0
// expect: 'decltype' cannot resolve address of overloaded function
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#ifdef MISUSE
	unsigned int timeout() const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
