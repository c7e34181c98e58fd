// SPDX-License-Identifier: GPL-2.0
// expect: as 'this' argument discards qualifiers
// compiler: g++
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/owning_mm.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	explicit Disk(drm::MmRange range) : space(range, "disk") {}

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		auto memory = drm::FreeNode<>::make(GFP_ATOMIC);

		rq.start();
		if (!memory) {
			rq.end(BlkStatus::NOSPC);
			return QueueStatus::ok();
		}
#ifndef MISUSE
		auto made = space.lock()->insert_node(std::move(memory).value(), 8);
#else
		auto made = space.insert_node(std::move(memory).value(), 8);
#endif
		rq.end(made ? BlkStatus::OK : BlkStatus::NOSPC);
		return QueueStatus::ok();
	}

private:
#ifndef MISUSE
	SpinLock<drm::OwningMm<>> space;
#else
	drm::OwningMm<> space;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
