// SPDX-License-Identifier: GPL-2.0
// expect: argument not in expected state; expected 'unconsumed', observed 'unknown'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(Owned<Request<Disk>> rq, bool failed)
{
	if (failed) {
		rq.end(BlkStatus::IOERR);
#ifndef MISUSE
		return;
#endif
	}

	auto taken = take(rq);

	taken.end(BlkStatus::OK);
}
