// SPDX-License-Identifier: GPL-2.0
// expect: temporary bound to local reference 'request' will be destroyed at the end of the full-expression
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

ARef<Request<Disk>> find();

unsigned int bytes()
{
#ifndef MISUSE
	auto rq = find();
	const Request<Disk> &request = *rq;
#else
	const Request<Disk> &request = *find();
#endif

	return request.bytes();
}
