// SPDX-License-Identifier: GPL-2.0
// expect: cannot assign to return value because function 'queuedata' returns a const value
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	struct Pdu {
		HrTimer<Owned<Request<Disk>>, Disk> timer;
	};

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		auto &timer = rq->pdu().timer;

		rq.start();
		timer.start(std::move(rq), 10'000);
		return QueueStatus::ok();
	}

	static void timer_expired(Owned<Request<Disk>> rq)
	{
#ifndef MISUSE
		++*rq->queuedata().expired.lock();
#else
		++rq->queuedata().expired;
#endif
		rq.end(BlkStatus::OK);
	}

#ifndef MISUSE
	SpinLockIrq<unsigned int> expired;
#else
	unsigned int expired = 0;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
