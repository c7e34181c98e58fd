// SPDX-License-Identifier: GPL-2.0
// expect: invalid invocation of method
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

unsigned int give(ARef<TagSet<Disk>> tags) KXX_MAY_SLEEP
{
#ifndef MISUSE
	unsigned int queues = tags->nr_hw_queues();

	ARef<TagSet<Disk>> other = std::move(tags);
#else
	ARef<TagSet<Disk>> other = std::move(tags);

	unsigned int queues = tags->nr_hw_queues();
#endif
	return queues;
}
