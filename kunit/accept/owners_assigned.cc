// SPDX-License-Identifier: GPL-2.0
/* Owners may be assigned another object, in a loop and under a lock. */
#include <optional>

#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Disk {
	using Rq = Owned<Request<Disk>>;

	QueueStatus queue_rq(Rq rq) const
	{
		rq.start();

		std::optional<Rq> rest = rq.end_part(BlkStatus::OK, 4096);

		while (rest)
			rest = next_part(*std::move(rest));
		return QueueStatus::ok();
	}
	static std::optional<Rq> next_part(Rq rq) { return rq.end_part(BlkStatus::OK, 4096); }
};

struct Device {
	struct Conf {
		int depth;
	};

	Result<void> set(int depth) const KXX_MAY_SLEEP
	{
		auto fresh = KXX_TRY(Box<Conf>::make(GFP_KERNEL, Conf{ depth }));

		*conf.lock() = std::move(fresh);
		return {};
	}

	Mutex<std::optional<Box<Conf>>> conf;
};

Result<ARef<TagSet<Disk>>> make(const Device &device) KXX_MAY_SLEEP
{
	auto one = KXX_TRY(TagSet<Disk>::make({}));

	KXX_TRY(device.set(1));
	one = KXX_TRY(TagSet<Disk>::make({ .queue_depth = 1 }));
	return one;
}
