// SPDX-License-Identifier: GPL-2.0
// expect: method 'operator->' on object 'owned' while it is in the 'consumed' state
#include <kxx/block/blk-mq.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
{
	if (auto maybe = rq.try_unshare()) {
		auto owned = *std::move(maybe);
		unsigned int bytes = owned->bytes();

		owned.end(BlkStatus::OK);
#ifdef MISUSE
		bytes = owned->bytes();
#endif
		pr_info("%u bytes\n", bytes);
	}
}
