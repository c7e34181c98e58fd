// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

namespace shared_request_ended_after_move {
void keep(ARef<Request<Disk>> rq);

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	keep(rq.share());
#else
	keep(std::move(rq));
#endif
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'consumed' state}}
}
} // namespace shared_request_ended_after_move

namespace shared_request_ended_by_former_owner {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(ARef<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();

	auto shared = rq.share();

	keep(shared.share());
#ifndef MISUSE
	shared.end(BlkStatus::OK);
#else
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'consumed' state}}
#endif
	return QueueStatus::ok();
}
} // namespace shared_request_ended_by_former_owner

namespace shared_request_ended_twice {
void end(ARef<Request<Disk>> rq)
{
	rq.end(BlkStatus::OK);
#ifdef MISUSE
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'consumed' state}}
#endif
}
} // namespace shared_request_ended_twice

namespace shared_request_ended_twice_on_one_path {
void end(ARef<Request<Disk>> rq)
{
	if (rq->op() == ReqOp::FLUSH) {
		rq.end(BlkStatus::NOTSUPP);
#ifndef MISUSE
		return;
#endif
	}
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'unknown' state}}
}
} // namespace shared_request_ended_twice_on_one_path

namespace shared_request_kept_on_one_path {
void keep(ARef<Request<Disk>> rq);

void look(ARef<Request<Disk>> rq, bool late)
{
	if (late)
#ifndef MISUSE
		keep(rq.share());
#else
		keep(std::move(rq));
#endif
	pr_info("%u bytes\n", rq->bytes());
	// expected-warning@-1 {{method 'operator->' on object 'rq' while it is in the 'unknown' state}}
}
} // namespace shared_request_kept_on_one_path

namespace shared_request_outlives_user {
ARef<Request<Disk>> find();

unsigned int bytes()
{
#ifndef MISUSE
	auto rq = find();
	const Request<Disk> &request = *rq;
#else
	const Request<Disk> &request = *find();
	// expected-warning@-1 {{temporary bound to local reference 'request' will be destroyed at the end of the full-expression}}
#endif

	return request.bytes();
}
} // namespace shared_request_outlives_user

namespace shared_request_pdu_outlives_user {
struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
		unsigned int retries = 0;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

ARef<Request<Disk>> find();

unsigned int retries()
{
#ifndef MISUSE
	auto rq = find();
	auto &pdu = rq->pdu();
#else
	auto &pdu = find()->pdu();
	// expected-warning@-1 {{temporary bound to local reference 'pdu' will be destroyed at the end of the full-expression}}
#endif

	return pdu.retries;
}
} // namespace shared_request_pdu_outlives_user

namespace shared_request_pdu_returned {
struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
		unsigned int retries = 0;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

#ifndef MISUSE
const Disk::Pdu &pdu_of(const ARef<Request<Disk>> &rq KXX_LIFETIMEBOUND KXX_UNCONSUMED)
#else
const Disk::Pdu &pdu_of(ARef<Request<Disk>> rq)
#endif
{
	return rq->pdu();
	// expected-warning@-1 {{reference to stack memory associated with parameter 'rq' returned}}
}
} // namespace shared_request_pdu_returned

namespace shared_request_returned_as_borrow {
#ifndef MISUSE
const Request<Disk> &borrow(const ARef<Request<Disk>> &rq KXX_LIFETIMEBOUND KXX_UNCONSUMED)
#else
const Request<Disk> &borrow(ARef<Request<Disk>> rq)
#endif
{
	return *rq;
	// expected-warning@-1 {{reference to stack memory associated with parameter 'rq' returned}}
}
} // namespace shared_request_returned_as_borrow

namespace shared_request_shared_after_end {
void keep(ARef<Request<Disk>> rq);

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	keep(rq.share());
	rq.end(BlkStatus::OK);
#else
	rq.end(BlkStatus::OK);
	keep(rq.share());
	// expected-warning@-1 {{method 'share' on object 'rq' while it is in the 'consumed' state}}
#endif
}
} // namespace shared_request_shared_after_end

namespace shared_request_shared_after_end_of_owner {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif

	auto shared = rq.share();
	// expected-warning@-1 {{method 'share' on object 'rq' while it is in the 'consumed' state}}

	shared.end(BlkStatus::OK);
	return QueueStatus::ok();
}
} // namespace shared_request_shared_after_end_of_owner

namespace shared_request_shared_twice {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(ARef<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();

	auto one = rq.share();
#ifndef MISUSE
	auto other = one.share();
#else
	auto other = rq.share();
	// expected-warning@-1 {{method 'share' on object 'rq' while it is in the 'consumed' state}}
#endif

	keep(std::move(other));
	one.end(BlkStatus::OK);
	return QueueStatus::ok();
}
} // namespace shared_request_shared_twice

namespace shared_request_timed_after_end {
struct Disk {
	static constexpr bool shares_requests = true;
	using Rq = ARef<Request<Disk>>;

	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void start(HrTimer<Disk::Rq, Disk> &timer, Disk::Rq rq)
{
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif
	timer.start(std::move(rq), 1000);
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'consumed'}}
}
} // namespace shared_request_timed_after_end

namespace shared_request_unshared_after_move {
void keep(ARef<Request<Disk>> rq);

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	keep(rq.share());
#else
	keep(std::move(rq));
#endif
	if (auto owned = rq.try_unshare())
		// expected-warning@-1 {{method 'try_unshare' on object 'rq' while it is in the 'consumed' state}}
		owned->end(BlkStatus::OK);
}
} // namespace shared_request_unshared_after_move

namespace shared_request_unshared_used_after_end {
void end(ARef<Request<Disk>> rq)
{
	if (auto maybe = rq.try_unshare()) {
		auto owned = *std::move(maybe);
		unsigned int bytes = owned->bytes();

		owned.end(BlkStatus::OK);
#ifdef MISUSE
		bytes = owned->bytes();
		// expected-warning@-1 {{method 'operator->' on object 'owned' while it is in the 'consumed' state}}
#endif
		pr_info("%u bytes\n", bytes);
	}
}
} // namespace shared_request_unshared_used_after_end

namespace shared_request_used_after_end {
void end(ARef<Request<Disk>> rq)
{
	unsigned int bytes = rq->bytes();

	rq.end(BlkStatus::OK);
#ifdef MISUSE
	bytes = rq->bytes();
	// expected-warning@-1 {{method 'operator->' on object 'rq' while it is in the 'consumed' state}}
#endif
	pr_info("%u bytes\n", bytes);
}
} // namespace shared_request_used_after_end

namespace shared_request_used_after_into_raw {
void keep(ARef<Request<Disk>>::Raw raw);

void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	keep(rq.share().into_raw());
#else
	keep(std::move(rq).into_raw());
#endif
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'consumed' state}}
}
} // namespace shared_request_used_after_into_raw

namespace shared_request_used_after_unshare {
void end(ARef<Request<Disk>> rq)
{
	if (auto owned = rq.try_unshare())
		owned->end(BlkStatus::OK);
#ifndef MISUSE
	if (rq)
#endif
		rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'unknown' state}}
}
} // namespace shared_request_used_after_unshare

namespace shared_request_used_by_former_owner {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();

	auto shared = rq.share();

#ifndef MISUSE
	pr_info("%u bytes\n", shared->bytes());
#else
	pr_info("%u bytes\n", rq->bytes());
	// expected-warning@-1 {{method 'operator->' on object 'rq' while it is in the 'consumed' state}}
#endif
	shared.end(BlkStatus::OK);
	return QueueStatus::ok();
}
} // namespace shared_request_used_by_former_owner
