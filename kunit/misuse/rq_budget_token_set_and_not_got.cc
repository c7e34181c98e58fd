// SPDX-License-Identifier: GPL-2.0
// expect: set_rq_budget_token() and get_rq_budget_token() go together
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void set_rq_budget_token(Request<Disk> &rq, int token) const;
#ifndef MISUSE
	int get_rq_budget_token(const Request<Disk> &rq) const;
#else

#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
