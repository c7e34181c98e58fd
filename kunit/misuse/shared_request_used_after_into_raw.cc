// SPDX-License-Identifier: GPL-2.0
// expect: method 'end' on object 'rq' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(ARef<Request<Disk>>::Raw raw);

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	keep(rq.share().into_raw());
#else
	keep(std::move(rq).into_raw());
#endif
	rq.end(BlkStatus::OK);
}
