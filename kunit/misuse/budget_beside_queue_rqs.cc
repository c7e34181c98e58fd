// SPDX-License-Identifier: GPL-2.0
// expect: blk-mq gets no budget for queue_rqs()
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	std::optional<int> get_budget() const;
	void put_budget(int token) const;
#ifndef MISUSE

#else
	void queue_rqs(RequestList<Disk> &list) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
