// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'kxx::BlkStatus' to 'kxx::EhTimerReturn' in return
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const
	{
		rq.end(BlkStatus::TIMEOUT);
#ifndef MISUSE
		return EhTimerReturn::DONE;
#else
		return BlkStatus::TIMEOUT;
#endif
	}
};
