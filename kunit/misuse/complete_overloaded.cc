// SPDX-License-Identifier: GPL-2.0
// expect: overloaded function
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	using Rq = Owned<Request<Disk>>;

	QueueStatus queue_rq(Rq rq) const;
	void complete(Rq rq) const;
#ifdef MISUSE
	void complete(Rq rq, BlkStatus status) const;
#endif
};

Result<ARef<TagSet<Disk>>> make()
{
	return TagSet<Disk>::make({});
}
