// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'CompletionBatch<Disk>'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void finish(Owned<Request<Disk>> rq)
{
	CompletionBatch<Disk> batch;

	batch.end(std::move(rq), BlkStatus::OK);
#ifdef MISUSE
	CompletionBatch<Disk> other = std::move(batch);
#endif
}
