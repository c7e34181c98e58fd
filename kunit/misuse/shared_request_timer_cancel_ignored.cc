// SPDX-License-Identifier: GPL-2.0
// expect: ignoring return value of 'std::optional<_Tp> kxx::HrTimer<Owner, Handler, mode>::cancel()
// compiler: g++
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	using Rq = ARef<Request<Disk>>;

	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void stop(HrTimer<Disk::Rq, Disk> &timer)
{
#ifndef MISUSE
	if (auto cancelled = timer.cancel())
		cancelled->end(BlkStatus::TIMEOUT);
#else
	timer.cancel();
#endif
}
