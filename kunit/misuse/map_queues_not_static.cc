// SPDX-License-Identifier: GPL-2.0
// expect: map_queues must be: static void map_queues(QueueMaps &)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	static void map_queues(QueueMaps &maps);
#else
	void map_queues(QueueMaps &maps);
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
