// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void finish(CompletionBatch<Disk> &batch, Owned<Request<Disk>> rq)
{
#ifndef MISUSE
	unsigned int bytes = rq->bytes();

	batch.end(std::move(rq), BlkStatus::OK);
#else
	batch.end(std::move(rq), BlkStatus::OK);

	unsigned int bytes = rq->bytes();
#endif
	pr_info("%u bytes\n", bytes);
}
