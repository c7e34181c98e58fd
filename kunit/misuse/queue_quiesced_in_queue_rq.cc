// SPDX-License-Identifier: GPL-2.0
// expect: no member named 'quiesce' in 'kxx::BusyQueue'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

class Disk {
public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const KXX_MAY_SLEEP
	{
#ifdef MISUSE
		{
			auto quiesced = rq->queue().quiesce();
		}
#endif
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};

auto make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({ .blocking = true });
}
