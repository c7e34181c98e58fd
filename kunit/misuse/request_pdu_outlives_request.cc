// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	struct Pdu {
		int tries = 0;
	};
};

void serve(Owned<Request<Disk>> rq)
{
	auto &pdu = rq->pdu();
#ifndef MISUSE
	pdu.tries = 0;
	rq.end(BlkStatus::OK);
#else
	rq.end(BlkStatus::OK);
	pdu.tries = 0;
#endif
}
