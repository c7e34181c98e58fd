// SPDX-License-Identifier: GPL-2.0
// expect: cannot assign to non-static data member within const member function 'queue_rq'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

/* On several CPUs at once. */
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();
#ifndef MISUSE
		served.inc();
#else
		served++;
#endif
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

#ifndef MISUSE
	Atomic served{ 0 };
#else
	unsigned int served = 0;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
