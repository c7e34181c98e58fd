// SPDX-License-Identifier: GPL-2.0
// expect: a driver without timed_out() never gets back what it abandons
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();
		rq.abandon();
		return QueueStatus::ok();
	}
#ifndef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const { rq.end(BlkStatus::TIMEOUT); }
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
