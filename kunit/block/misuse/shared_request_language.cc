// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>

using namespace kxx;

struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

namespace shared_request_assigned {
void keep(std::optional<ARef<Request<Disk>>> &kept, ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	kept.emplace(std::move(rq));
#else
	*kept = std::move(rq);
	// expected-error@-1 {{overload resolution selected deleted operator '='}}
#endif
}
} // namespace shared_request_assigned

namespace shared_request_completed {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void complete(Owned<Request<Disk>> rq) const;
};

void interrupt(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare())
		owned->complete();
#else
	rq.complete(); // expected-error {{no member named 'complete' in 'kxx::ARef<kxx::Requ}}
#endif
}
} // namespace shared_request_completed

namespace shared_request_copied {
void end(ARef<Request<Disk>> rq);

void end_twice(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	end(rq.share());
#else
	end(rq); // expected-error {{call to deleted constructor of 'ARef<Request<Disk>>'}}
#endif
	rq.end(BlkStatus::OK);
}
} // namespace shared_request_copied

namespace shared_request_data_written_by_user {
struct Fill {
	Result<void> operator()(Segment &segment) const;
};

Result<void> read(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	auto owned = rq.try_unshare();

	return owned ? (*owned)->for_each_segment(Fill()) : Result<void>();
#else
	return rq->for_each_segment(Fill());
	// expected-error@-1 {{no matching member function for call to 'for_each_segment'}}
#endif
}
} // namespace shared_request_data_written_by_user

namespace shared_request_ended_through_borrow {
void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	rq.end(BlkStatus::OK);
#else
	rq->end(BlkStatus::OK); // expected-error {{no member named 'end' in 'kxx::Request<Disk>'}}
#endif
}
} // namespace shared_request_ended_through_borrow

namespace shared_request_found_by_tag_as_the_request {
void interrupt(Hctx<Disk> hctx, unsigned int tag)
{
#ifndef MISUSE
	if (auto rq = hctx.tag_to_rq(tag))
		rq->end(BlkStatus::OK);
#else
	hctx.tag_to_rq(tag).end(BlkStatus::OK);
	// expected-error@-1 {{no member named 'end' in 'std::optional<kxx::ARef<kxx::Request<Disk>>>'; did you}}
#endif
}
} // namespace shared_request_found_by_tag_as_the_request

namespace shared_request_found_by_tag_ignored {
void interrupt(Hctx<Disk> hctx, unsigned int tag)
{
#ifndef MISUSE
	if (auto rq = hctx.tag_to_rq(tag))
		rq->end(BlkStatus::OK);
#else
	hctx.tag_to_rq(tag);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace shared_request_found_by_tag_ignored

namespace shared_request_found_by_tag_without_opt_in {
struct Disk {
#ifndef MISUSE
	static constexpr bool shares_requests = true;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void interrupt(Hctx<Disk> hctx, unsigned int tag)
{
	if (auto rq = hctx.tag_to_rq(tag))
		// expected-error@kxx/block/shared_request.hpp:* {{a driver that shares requests says so}}
		// expected-note@-2 {{requested here}}
		rq->end(BlkStatus::OK);
}
} // namespace shared_request_found_by_tag_without_opt_in

namespace shared_request_from_nothing {
#ifndef MISUSE
ARef<Request<Disk>> find(const ARef<Request<Disk>> &rq)
{
	return rq.share();
}
#else
ARef<Request<Disk>> find(struct request *rq)
{
	return ARef<Request<Disk>>(rq);
	// expected-error@-1 {{calling a private constructor of class 'kxx::ARef<kxx::Request<Disk>>'}}
}
#endif
} // namespace shared_request_from_nothing

namespace shared_request_given_back_by_user {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	return rq.give_back(Retry::RESOURCE);
#else
	return rq.share().give_back(Retry::RESOURCE);
	// expected-error@-1 {{no member named 'give_back' in 'kxx::ARef<kxx::Req}}
#endif
}
} // namespace shared_request_given_back_by_user

namespace shared_request_got_from_raw {
#ifndef MISUSE
std::optional<ARef<Request<Disk>>> find(Hctx<Disk> hctx, unsigned int tag)
{
	return hctx.tag_to_rq(tag);
}
#else
std::optional<ARef<Request<Disk>>> find(struct request *rq)
{
	return ARef<Request<Disk>>::try_get(rq);
	// expected-error@-1 {{'try_get' is a private member of 'kxx::ARef<kxx::Request<Disk>>'}}
}
#endif
} // namespace shared_request_got_from_raw

namespace shared_request_hctx_made_from_nothing {
#ifndef MISUSE
Hctx<Disk> hctx(const Owned<Request<Disk>> &rq)
{
	return rq->hctx();
}
#else
Hctx<Disk> hctx(struct blk_mq_hw_ctx *raw)
{
	return Hctx<Disk>(raw);
	// expected-error@-1 {{calling a private constructor of class 'kxx::Hctx<Disk>'}}
}
#endif
} // namespace shared_request_hctx_made_from_nothing

namespace shared_request_in_timer_of_owned {
struct Disk {
	static constexpr bool shares_requests = true;
#ifndef MISUSE
	using Rq = ARef<Request<Disk>>;
#else
	using Rq = Owned<Request<Disk>>;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
};

void start(HrTimer<Disk::Rq, Disk> &timer, const ARef<Request<Disk>> &rq)
{
	timer.start(rq.share(), 1000);
	// expected-error@-1 {{no viable conversion from 'ARef<}}
}
} // namespace shared_request_in_timer_of_owned

namespace shared_request_named_without_opt_in {
struct Disk {
#ifndef MISUSE
	static constexpr bool shares_requests = true;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void end(ARef<Request<Disk>> rq)
// expected-error@kxx/block/shared_request.hpp:* {{a driver that shares requests says so}}
// expected-note@-2 {{requested here}}
{
	rq.end(BlkStatus::OK);
}
} // namespace shared_request_named_without_opt_in

namespace shared_request_pdu_changed {
struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
#ifndef MISUSE
		Atomic retries{ 0 };
#else
		unsigned int retries = 0;
#endif
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void again(const ARef<Request<Disk>> &rq)
{
#ifndef MISUSE
	rq->pdu().retries.set(1);
#else
	rq->pdu().retries = 1;
	// expected-error@-1 {{cannot assign to return value because function 'pdu' returns a const value}}
#endif
}
} // namespace shared_request_pdu_changed

namespace shared_request_pdu_written {
struct Disk {
	static constexpr bool shares_requests = true;
	struct Pdu {
		unsigned int retries = 0;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void again(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare()) {
		(*owned)->pdu().retries++;
		owned->requeue();
	}
#else
	rq->pdu().retries++;
	// expected-error@-1 {{cannot assign to return value because function 'pdu' returns a const value}}
#endif
}
} // namespace shared_request_pdu_written

namespace shared_request_requeued {
void again(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare())
		owned->requeue();
#else
	rq.requeue();
	// expected-error@-1 1-2 {{no member named 'requeue' in 'kxx::}}
#endif
}
} // namespace shared_request_requeued

namespace shared_request_share_ignored {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifndef MISUSE
	rq.end(BlkStatus::OK);
#else
	rq.share();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	return QueueStatus::ok();
}
} // namespace shared_request_share_ignored

namespace shared_request_started {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	rq.start();
#endif

	auto shared = rq.share();

#ifdef MISUSE
	shared.start();
	// expected-error@-1 {{no member named 'start' in 'kxx::ARef<kxx::Request<shared_request_started::Disk>>'}}
#endif
	shared.end(BlkStatus::OK);
	return QueueStatus::ok();
}
} // namespace shared_request_started

namespace shared_request_timer_cancel_ignored {
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
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace shared_request_timer_cancel_ignored

namespace shared_request_timer_handler_owns {
struct Disk {
	// expected-error@kxx/sync/hrtimer.hpp:* {{no viable conversion from 'typename std::remove_reference<}}
	// expected-note@-2 {{requested here}}
	static constexpr bool shares_requests = true;
#ifndef MISUSE
	using Rq = ARef<Request<Disk>>;
#else
	using Rq = Owned<Request<Disk>>;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	static void timer_expired(Rq rq) { rq.end(BlkStatus::OK); }
	HrTimer<ARef<Request<Disk>>, Disk> timer;
};

Result<Box<Disk>> probe() KXX_MAY_SLEEP
{
	return Box<Disk>::make(GFP_KERNEL);
}
} // namespace shared_request_timer_handler_owns

namespace shared_request_unshare_ignored {
void end(ARef<Request<Disk>> rq)
{
#ifndef MISUSE
	if (auto owned = rq.try_unshare())
		owned->end(BlkStatus::OK);
#else
	rq.try_unshare();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
}
} // namespace shared_request_unshare_ignored

namespace shared_request_user_ignored {
void end(ARef<Request<Disk>> rq)
{
#ifdef MISUSE
	rq.share();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
#endif
	rq.end(BlkStatus::OK);
}
} // namespace shared_request_user_ignored

namespace shared_request_without_opt_in {
struct Disk {
#ifndef MISUSE
	static constexpr bool shares_requests = true;
#endif
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();

		auto shared = rq.share();
		// expected-error@kxx/block/shared_request.hpp:* {{a driver that shares requests says so}}
		// expected-error@kxx/block/request.hpp:* {{a driver that shares requests says so}}
		// expected-error@kxx/block/request_pdu.hpp:* {{non-const lvalue reference to type 'RequestUsers' cannot bind to a value of}}
		// expected-note@-4 {{requested here}}

		shared.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};
} // namespace shared_request_without_opt_in
