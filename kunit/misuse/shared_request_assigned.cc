// SPDX-License-Identifier: GPL-2.0
// expect: use of deleted function 'kxx::ARef
// compiler: g++
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(std::optional<ARef<Request<Disk>>> &kept, ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	kept.emplace(std::move(rq));
#else
	*kept = std::move(rq);
#endif
}
