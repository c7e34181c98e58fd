// SPDX-License-Identifier: GPL-2.0
// expect: ignoring temporary created by a constructor declared with 'nodiscard' attribute
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void finish(Owned<Request<Disk>> rq)
{
#ifdef MISUSE
	CompletionBatch<Disk>();
	rq.end(BlkStatus::OK);
#else
	CompletionBatch<Disk> batch;

	batch.end(std::move(rq), BlkStatus::OK);
#endif
}
