// SPDX-License-Identifier: GPL-2.0
/*
 * Each reference to a shared object is tracked on its own; an object may own another of its type.
 */
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/slab.hpp>
#include <optional>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end_twice(Owned<Request<Disk>> rq)
{
	rq.start();

	auto first = rq.share();
	auto second = first.share();

	if (first.end(BlkStatus::OK))
		pr_info("%u\n", second->bytes());
	second.end(BlkStatus::OK);
}

struct Entry {
	std::optional<Box<Entry>> next;
	int value = 0;
};

int sum(std::optional<Box<Entry>> head)
{
	int sum = 0;

	while (head) {
		auto next = std::move((*head)->next);

		sum += (*head)->value;
		head = std::move(next);
	}
	return sum;
}
