// SPDX-License-Identifier: GPL-2.0
// expect: call to deleted constructor of 'RequestList<Disk>'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void take(RequestList<Disk> &list)
{
#ifdef MISUSE
	RequestList<Disk> mine = list;
#else
	RequestList<Disk> &mine = list;
#endif
	static_cast<void>(mine.pop());
}
