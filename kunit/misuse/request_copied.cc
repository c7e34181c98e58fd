// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::Owned
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(Owned<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifndef MISUSE
	end(std::move(rq));
#else
	end(rq);
#endif
	return QueueStatus::ok();
}
