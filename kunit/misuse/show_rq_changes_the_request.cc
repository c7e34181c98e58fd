// SPDX-License-Identifier: GPL-2.0
// expect: show_rq must be: void show_rq(SeqFile &, const Request<Driver> &)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void show_rq(SeqFile &file, const Request<Disk> &rq) const;
#else
	void show_rq(SeqFile &file, Request<Disk> &rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
