// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {};

void serve(Owned<Request<Disk>> rq)
{
	auto walked = rq->for_each_bvec([&](const Bvec &bvec) -> Result<void> {
#ifndef MISUSE
		if (bvec.size() & 511)
			return EIO;
#else
		if (bvec.size() & 511)
			rq.end(BlkStatus::IOERR);
#endif
		return {};
	});

#ifndef MISUSE
	rq.end(walked ? BlkStatus::OK : BlkStatus::IOERR);
#else
	static_cast<void>(walked);
#endif
}
