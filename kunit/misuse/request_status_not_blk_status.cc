// SPDX-License-Identifier: GPL-2.0
// expect: cannot convert 'const kxx::Errno' to 'kxx::BlkStatus'
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifndef MISUSE
	rq.end(BlkStatus::IOERR);
#else
	rq.end(EIO);
#endif
	return QueueStatus::ok();
}
