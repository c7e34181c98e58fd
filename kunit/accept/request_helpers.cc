// SPDX-License-Identifier: GPL-2.0
/* Helper functions may borrow a request, and a member may keep a request for a while. */
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/mm/slab.hpp>

using namespace kxx;

struct Disk {
	struct Command {
		Owned<Request<Disk>> rq;
	};

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	static void command_done(Box<Command> command);
};

static bool is_write(const Owned<Request<Disk>> &rq)
{
	return rq->op() == ReqOp::WRITE;
}

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
	rq.end(is_write(rq) ? BlkStatus::NOTSUPP : BlkStatus::OK);
	return QueueStatus::ok();
}

void Disk::command_done(Box<Command> command)
{
	auto rq = take(command->rq);

	rq.end(BlkStatus::OK);
}

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}

struct Sharing {
	static constexpr bool shares_requests = true;
	struct Pdu {
		mutable HrTimer<ARef<Request<Sharing>>, Sharing> timer;
	};

	static void timer_expired(ARef<Request<Sharing>> rq) { rq.end(BlkStatus::OK); }
	static void arm(const ARef<Request<Sharing>> &rq)
	{
		rq->pdu().timer.start(rq.share(), 10'000);
	}
	QueueStatus queue_rq(Owned<Request<Sharing>> rq) const
	{
		rq.start();

		auto shared = rq.share();

		arm(shared);
		return QueueStatus::ok();
	}
};

Result<ARef<TagSet<Sharing>>> make_sharing() KXX_MAY_SLEEP
{
	return TagSet<Sharing>::make({});
}
