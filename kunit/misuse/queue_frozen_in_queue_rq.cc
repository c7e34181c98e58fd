// SPDX-License-Identifier: GPL-2.0
// expect: no member named 'freeze' in 'kxx::BusyQueue'
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

class Disk {
public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const KXX_MAY_SLEEP
	{
#ifdef MISUSE
		{
			auto frozen = rq->queue().freeze();
		}
#else
		auto held = stopped_.lock();

		if (!*held)
			held->emplace(rq->queue().stop());
#endif
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

private:
	SpinLockIrq<std::optional<StoppedQueue>> stopped_;
};

auto make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({ .blocking = true });
}
