// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::HrTimer
// compiler: g++
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	using Rq = Owned<Request<Disk>>;

	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void start(HrTimer<Disk::Rq, Disk> &timer, Disk::Rq rq)
{
#ifndef MISUSE
	auto &same = timer;
#else
	auto same = timer;
#endif

	same.start(std::move(rq), 1000);
}
