// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {};

unsigned int serve(Owned<Request<Disk>> rq)
{
	Request<Disk> &borrowed = *rq;
#ifndef MISUSE
	unsigned int bytes = borrowed.bytes();

	rq.end(BlkStatus::OK);
	return bytes;
#else
	rq.end(BlkStatus::OK);
	return borrowed.bytes();
#endif
}
