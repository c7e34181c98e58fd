// SPDX-License-Identifier: GPL-2.0
// expect: nobody else ends the request
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {};

void keep(Owned<Request<Disk>>::Raw &slot, Owned<Request<Disk>> rq)
{
	slot = nullptr;
#ifdef MISUSE
	std::move(rq).into_raw();
#else
	slot = std::move(rq).into_raw();
#endif
}
