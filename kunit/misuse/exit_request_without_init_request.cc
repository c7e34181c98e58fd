// SPDX-License-Identifier: GPL-2.0
// expect: exit_request() undoes init_request(), which is not there
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	struct Pdu {
		int number;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	static void exit_request(Pdu &pdu);
#ifndef MISUSE
	static Result<void> init_request(Pdu &pdu);
#else

#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
