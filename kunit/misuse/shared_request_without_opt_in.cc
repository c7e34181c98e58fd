// SPDX-License-Identifier: GPL-2.0
// expect: a driver that shares requests says so
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
#ifndef MISUSE
	static constexpr bool shares_requests = true;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();

		auto shared = rq.share();

		shared.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};
