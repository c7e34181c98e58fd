// SPDX-License-Identifier: GPL-2.0
// expect: get_budget() and put_budget() go together
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	std::optional<int> get_budget() const;
#ifndef MISUSE
	void put_budget(int token) const;
#else

#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
