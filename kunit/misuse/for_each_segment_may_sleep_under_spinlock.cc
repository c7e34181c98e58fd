// SPDX-License-Identifier: GPL-2.0
// expect: cannot call function 'for_each_segment_may_sleep
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<void> serve(Request<Disk> &rq, SpinLock<unsigned int> &parts) KXX_MAY_SLEEP
{
	auto copy = [](Segment &) KXX_MAY_SLEEP -> Result<void> {
		auto page = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));

		return {};
	};

#ifndef MISUSE
	Result<void> done = rq.for_each_segment_may_sleep(copy);
	auto guard = parts.lock();
#else
	auto guard = parts.lock();
	Result<void> done = rq.for_each_segment_may_sleep(copy);
#endif

	++*guard;
	return done;
}
