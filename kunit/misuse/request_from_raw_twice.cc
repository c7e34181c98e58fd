// SPDX-License-Identifier: GPL-2.0
// expect: Use of memory after it is freed
// compiler: analyzer
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {};
struct Descriptor {
	Owned<Request<Disk>>::Raw rq = nullptr;
};

void complete(Descriptor &descriptor)
{
	if (!descriptor.rq)
		return;
	Owned<Request<Disk>>::from_raw(descriptor.rq).end(BlkStatus::OK);
#ifndef MISUSE
	descriptor.rq = nullptr;
#endif
}

void complete_all(Descriptor &descriptor)
{
	complete(descriptor);
	complete(descriptor);
}
