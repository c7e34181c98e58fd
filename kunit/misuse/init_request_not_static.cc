// SPDX-License-Identifier: GPL-2.0
// expect: init_request must be: static Result<void> init_request(Pdu &)
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	struct Pdu {
		int number;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	static Result<void> init_request(Pdu &pdu);
#else
	Result<void> init_request(Pdu &pdu);
#endif
};

Result<ARef<TagSet<Disk>>> tags()
{
	return TagSet<Disk>::make({});
}
