// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

namespace tag_set_used_after_move {
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
	// expected-warning@-1 {{invalid invocation of method}}
#endif
	return queues;
}
} // namespace tag_set_used_after_move
