// SPDX-License-Identifier: GPL-2.0
// expect: no matching member function for call to 'give_back'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

struct Stopping {
	StoppedQueue stopped;
};

QueueStatus refuse(Owned<Request<Disk>> rq, Stopping &stopping)
{
#ifdef MISUSE
	static_cast<void>(stopping);
	return rq.give_back(BlkStatus::AGAIN);
#else
	return rq.give_back(stopping.stopped);
#endif
}
