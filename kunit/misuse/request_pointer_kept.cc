// SPDX-License-Identifier: GPL-2.0
// expect: overload resolution selected deleted operator '&'
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {};
struct Command {
	Owned<Request<Disk>>::Raw rq;
	const Request<Disk> *request;
};

void keep(Command &command, Owned<Request<Disk>> rq)
{
#ifdef MISUSE
	command.request = &*rq;
#endif
	command.rq = std::move(rq).into_raw();
}
