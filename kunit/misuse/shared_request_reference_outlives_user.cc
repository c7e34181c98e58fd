// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
};

unsigned int time_out(ARef<Request<Disk>> rq)
{
	const Request<Disk> &borrowed = *rq;
#ifndef MISUSE
	unsigned int bytes = borrowed.bytes();

	rq.end(BlkStatus::TIMEOUT);
	return bytes;
#else
	rq.end(BlkStatus::TIMEOUT);
	return borrowed.bytes();
#endif
}
