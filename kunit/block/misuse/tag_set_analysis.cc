// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

namespace requests_visited_under_spinlock {
struct Disk {
	static constexpr bool shares_requests = true;

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void count(TagSet<Disk> &tags, SpinLock<unsigned int> &busy) KXX_MAY_SLEEP
{
#ifndef MISUSE
	tags.tagset_busy_iter([&busy](ARef<Request<Disk>>) { ++*busy.lock(); });
#else
	auto guard = busy.lock();

	tags.tagset_busy_iter([&guard](ARef<Request<Disk>>) { ++*guard; });
	// expected-warning@-1 {{cannot call function 'tagset_busy_iter' while context 'atomic' is held}}
#endif
}
} // namespace requests_visited_under_spinlock

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
