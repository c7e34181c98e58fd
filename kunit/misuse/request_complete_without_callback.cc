// SPDX-License-Identifier: GPL-2.0
// expect: a driver without complete() cannot complete a request: end() it
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();
		rq.complete();
		return QueueStatus::ok();
	}
#ifndef MISUSE
	void complete(Owned<Request<Disk>> rq) const { rq.end(BlkStatus::OK); }
#endif
};
