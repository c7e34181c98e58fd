// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang and GCC must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

namespace abandoned_without_timed_out {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();
		rq.abandon();
		// expected-error@kxx/block/request.hpp:* {{a driver without timed_out() never gets back what it abandons}}
		// expected-error@kxx/block/request_pdu.hpp:* {{non-const lvalue reference to type 'Abandoned' cannot bind to a value of unrelated}}
		// expected-note@-3 {{requested here}}
		return QueueStatus::ok();
	}
#ifndef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const { rq.end(BlkStatus::TIMEOUT); }
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
} // namespace abandoned_without_timed_out

namespace budget_beside_queue_rqs {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	std::optional<int> get_budget() const;
	void put_budget(int token) const;
#ifndef MISUSE
#else
	void queue_rqs(RequestList<Disk> &list) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{blk-mq gets no budget for queue_rqs()}}
	// expected-note@-2 {{requested here}}
}
} // namespace budget_beside_queue_rqs

namespace commit_rqs_without_last {
struct Disk {
#ifndef MISUSE
	QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last) const;
#else
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#endif
	void commit_rqs(Hctx<Disk> hctx) const;
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{a driver with commit_rqs() must know which request is the last}}
	// expected-note@-2 {{requested here}}
}
} // namespace commit_rqs_without_last

namespace commit_rqs_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last) const;
#ifndef MISUSE
	void commit_rqs(Hctx<Disk> hctx) const;
#else
	void commit_rqs();
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{commit_rqs must be: void commit_rqs(Hctx<Driver>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{'this' argument to member function 'commit_rqs' has type 'const}}
	// expected-note@-3 {{requested here}}
}
} // namespace commit_rqs_wrong_signature

namespace complete_overloaded {
struct Disk {
	using Rq = Owned<Request<Disk>>;

	QueueStatus queue_rq(Rq rq) const;
	void complete(Rq rq) const;
#ifdef MISUSE
	void complete(Rq rq, BlkStatus status) const;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{overloaded function}}
	// expected-error@kxx/block/tag_set.hpp:* {{cannot take address of consteval function 'make_ops' outside of an immediate}}
	// expected-note@-3 {{requested here}}
}
} // namespace complete_overloaded

namespace complete_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void complete(Owned<Request<Disk>> rq) const;
#else
	void complete(Request<Disk> &rq);
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{complete must be: void complete(Owned<Request<Driver>>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{'this' argument to member function 'complete' has type 'const}}
	// expected-note@-3 {{requested here}}
}
} // namespace complete_wrong_signature

namespace driver_member_written_by_queue_rq {
/* queue_rq() runs on several CPUs at once, so it must not write a plain member of the driver. */
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		rq.start();
#ifndef MISUSE
		served.inc();
#else
		served++;
		// expected-error@-1 {{cannot assign to non-static data member within const member function 'queue_rq'}}
#endif
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}

#ifndef MISUSE
	Atomic served{ 0 };
#else
	unsigned int served = 0;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
} // namespace driver_member_written_by_queue_rq

namespace driver_member_written_by_timer {
struct Disk {
	struct Pdu {
		HrTimer<Owned<Request<Disk>>, Disk> timer;
	};

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
		auto &timer = rq->pdu().timer;

		rq.start();
		timer.start(std::move(rq), 10'000);
		return QueueStatus::ok();
	}

	static void timer_expired(Owned<Request<Disk>> rq)
	{
#ifndef MISUSE
		++*rq->queuedata().expired.lock();
#else
		++rq->queuedata().expired;
		// expected-error@-1 {{cannot assign to return value because function 'queuedata' returns a const value}}
#endif
		rq.end(BlkStatus::OK);
	}

#ifndef MISUSE
	SpinLockIrq<unsigned int> expired;
#else
	unsigned int expired = 0;
#endif
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
}
} // namespace driver_member_written_by_timer

namespace exit_request_without_init_request {
struct Disk {
	struct Pdu {
		int number;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	static void exit_request(Pdu &pdu);
#ifndef MISUSE
	static Result<void> init_request(Pdu &pdu);
#else
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{exit_request() undoes init_request(), which is not there}}
	// expected-note@-2 {{requested here}}
}
} // namespace exit_request_without_init_request

namespace get_budget_without_put_budget {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	std::optional<int> get_budget() const;
#ifndef MISUSE
	void put_budget(int token) const;
#else
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{get_budget() and put_budget() go together}}
	// expected-note@-2 {{requested here}}
}
} // namespace get_budget_without_put_budget

namespace hctx_data_private {
class Disk {
#ifdef MISUSE
private:
#else
public:
#endif
	struct HctxData {
		Atomic queued{ 0 };
	};

public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{HctxData must be public}}
	// expected-note@-2 {{requested here}}
}
} // namespace hctx_data_private

namespace hctx_data_without_hctx_data {
unsigned int number(Hctx<Disk> hctx)
{
#ifdef MISUSE
	return sizeof(hctx.data()); // expected-error {{constraints not satisfied}}
#else
	return hctx.queue_num();
#endif
}
} // namespace hctx_data_without_hctx_data

namespace hctx_data_without_lock {
struct Disk {
	struct HctxData {
		unsigned long held = 0;
		Atomic queued{ 0 };
	};

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
	{
#ifndef MISUSE
		rq->hctx().data().queued.inc();
#else
		rq->hctx().data().held++;
		// expected-error@-1 {{cannot assign to return value because function 'data' returns a const value}}
#endif
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};
} // namespace hctx_data_without_lock

namespace init_hctx_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	Result<void> init_hctx(Hctx<Disk> hctx) const;
#else
	int init_hctx(Hctx<Disk> hctx) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{init_hctx must be: Result<void> init_hctx(Hctx<Driver>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{no viable conversion from 'int' to 'Result<void>'}}
	// expected-note@-3 {{requested here}}
}
} // namespace init_hctx_wrong_signature

namespace init_request_not_static {
struct Disk {
	struct Pdu {
		int number;
	};
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	static Result<void> init_request(Pdu &pdu);
#else
	Result<void> init_request(Pdu &pdu);
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{init_request must be: static Result<void> init_request(Pdu &)}}
	// expected-error@kxx/block/tag_set.hpp:* {{call to non-static member function without an object argument}}
	// expected-note@-3 {{requested here}}
}
} // namespace init_request_not_static

namespace map_queues_not_static {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	static void map_queues(QueueMaps &maps);
#else
	void map_queues(QueueMaps &maps);
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{map_queues must be: static void map_queues(QueueMaps &)}}
	// expected-error@kxx/block/tag_set.hpp:* {{call to non-static member function without an object argument}}
	// expected-note@-3 {{requested here}}
}
} // namespace map_queues_not_static

namespace pdu_private {
class Disk {
#ifdef MISUSE
private:
#else
public:
#endif
	struct Pdu {
		int number;
	};

public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{Pdu must be public}}
	// expected-note@-2 {{requested here}}
}
} // namespace pdu_private

namespace poll_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	unsigned int poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch) const;
#else
	unsigned int poll(Hctx<Disk> hctx) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{poll must be: unsigned int poll(Hctx<Driver>, IoCompBatch<Driver> &)}}
	// expected-error@kxx/block/tag_set.hpp:* {{too many arguments to function call, expected single argument 'hctx', have 2}}
	// expected-note@-3 {{requested here}}
}
} // namespace poll_wrong_signature

namespace queue_rq_not_const {
struct Disk {
#ifndef MISUSE
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const
#else
	QueueStatus queue_rq(Owned<Request<Disk>> rq)
#endif
	{
		rq.start();
		rq.end(BlkStatus::OK);
		return QueueStatus::ok();
	}
};

Result<ARef<TagSet<Disk>>> make() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{queue_rq must be: QueueStatus queue_rq(Owned<Request<Driver>>) const}}
	// expected-error@kxx/block/tag_set.hpp:* {{'this' argument to member function 'queue_rq' has type 'const}}
	// expected-note@-3 {{requested here}}
}
} // namespace queue_rq_not_const

namespace queue_rq_wrong_signature {
struct Disk {
#ifndef MISUSE
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#else
	QueueStatus queue_rq(Owned<Request<Disk>> &rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{queue_rq must be: QueueStatus queue_rq(Owned<Request<Driver>>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{non-const lvalue reference to type 'Owned<...>' cannot bind to a temporary of type}}
	// expected-note@-3 {{requested here}}
}
} // namespace queue_rq_wrong_signature

namespace queue_rqs_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void queue_rqs(RequestList<Disk> &list) const;
#else
	void queue_rqs(RequestList<Disk> list) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{queue_rqs must be: void queue_rqs(RequestList<Driver> &)}}
	// expected-error@kxx/block/tag_set.hpp:* {{call to deleted constructor of 'RequestList<Disk>'}}
	// expected-note@-3 {{requested here}}
}
} // namespace queue_rqs_wrong_signature

namespace queue_status_copied {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	QueueStatus status = rq.give_back(Retry::RESOURCE);

#ifndef MISUSE
	return status;
#else
	QueueStatus for_another_request = status;
	// expected-error@-1 {{call to deleted constructor of 'QueueStatus'}}

	return for_another_request;
	// expected-error@-1 {{call to deleted constructor of 'QueueStatus'}}
#endif
}
} // namespace queue_status_copied

namespace queue_status_from_nothing {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	return rq.give_back(Retry::RESOURCE);
#else
	return QueueStatus(KXX_BLK_STS_RESOURCE, nullptr);
	// expected-error@-1 {{calling a private constructor of class 'kxx::QueueStatus'}}
#endif
}
} // namespace queue_status_from_nothing

namespace queue_status_ignored {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	return rq.give_back(Retry::RESOURCE);
#else
	rq.give_back(Retry::RESOURCE);
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	return QueueStatus::ok();
#endif
}
} // namespace queue_status_ignored

namespace rq_budget_token_set_and_not_got {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void set_rq_budget_token(Request<Disk> &rq, int token) const;
#ifndef MISUSE
	int get_rq_budget_token(const Request<Disk> &rq) const;
#else
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{set_rq_budget_token() and get_rq_budget_token() go together}}
	// expected-note@-2 {{requested here}}
}
} // namespace rq_budget_token_set_and_not_got

namespace shares_requests_private {
class Disk {
#ifdef MISUSE
private:
#else
public:
#endif
	static constexpr bool shares_requests = true;

public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{shares_requests must be public}}
	// expected-note@-2 {{requested here}}
}
} // namespace shares_requests_private

namespace show_rq_changes_the_request {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void show_rq(SeqFile &file, const Request<Disk> &rq) const;
#else
	void show_rq(SeqFile &file, Request<Disk> &rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{show_rq must be: void show_rq(SeqFile &, const Request<Driver> &)}}
	// expected-note@-2 {{requested here}}
}
} // namespace show_rq_changes_the_request

namespace tag_set_put_by_hand {
class Disk {
public:
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

Result<void> make() KXX_MAY_SLEEP
{
	auto tags = KXX_TRY(TagSet<Disk>::make({}));
	auto shared = tags.share();

#ifdef MISUSE
	TagSet<Disk>::put(&*tags); // expected-error {{'put' is a private member}}
#endif
	return {};
}
} // namespace tag_set_put_by_hand

namespace take_back_changes_the_pdu {
struct Disk {
	struct Pdu {
		Atomic tries{ 0 };
		int results = 0;
	};

	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void timed_out(Owned<Request<Disk>> rq) const;
	std::optional<Owned<Request<Disk>>> take_back(const Request<Disk> &rq) const
	{
#ifndef MISUSE
		rq.pdu().tries.inc();
#else
		rq.pdu().results++;
		// expected-error@-1 {{cannot assign to return value because function 'pdu' returns a const value}}
#endif
		return std::nullopt;
	}
};
} // namespace take_back_changes_the_pdu

namespace take_back_without_timed_out {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	std::optional<Owned<Request<Disk>>> take_back(const Request<Disk> &rq) const;
#ifndef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const;
#else
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{take_back() gives requests to timed_out(), which is not there}}
	// expected-note@-2 {{requested here}}
}
} // namespace take_back_without_timed_out

namespace take_back_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void timed_out(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	std::optional<Owned<Request<Disk>>> take_back(const Request<Disk> &rq) const;
#else
	std::optional<Owned<Request<Disk>>> take_back(Request<Disk> &rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{take_back must be: std::optional<Owned<Request<Driver>>> take_back(const Request<Driver> &)}}
	// expected-error@kxx/block/tag_set.hpp:* {{drops 'const' qualifier}}
	// expected-note@-3 {{requested here}}
}
} // namespace take_back_wrong_signature

namespace timed_out_of_shared {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#ifdef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{timed_out() is for a driver that owns its requests, timeout() for one that shares them}}
	// expected-note@-2 {{requested here}}
}
} // namespace timed_out_of_shared

namespace timed_out_wrong_signature {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	void timed_out(Owned<Request<Disk>> rq) const;
#else
	void timed_out(Request<Disk> &rq);
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{timed_out must be: void timed_out(Owned<Request<Driver>>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{'this' argument to member function 'timed_out' has type 'const}}
	// expected-note@-3 {{requested here}}
}
} // namespace timed_out_wrong_signature

namespace timeout_of_owned {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#else
	EhTimerReturn timeout(Owned<Request<Disk>> rq);
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{timeout must be: EhTimerReturn timeout(ARef<Request<Driver>>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{'this' argument to member function 'timeout' has type 'const}}
	// expected-note@-3 {{requested here}}
}
} // namespace timeout_of_owned

namespace timeout_overloaded {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#ifdef MISUSE
	unsigned int timeout() const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{reference to overloaded function could not be resolved; did you mean to call it?}}
	// expected-error@kxx/block/tag_set.hpp:* {{cannot take address of consteval function 'make_ops' outside of an immediate}}
	// expected-note@-3 {{requested here}}
}
} // namespace timeout_overloaded

namespace timeout_returns_blk_status {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const
	{
		rq.end(BlkStatus::TIMEOUT);
#ifndef MISUSE
		return EhTimerReturn::DONE;
#else
		return BlkStatus::TIMEOUT;
		// expected-error@-1 {{cannot initialize return object of type 'EhTimerReturn' with an rvalue of type}}
#endif
	}
};
} // namespace timeout_returns_blk_status

namespace timeout_wrong_signature {
struct Disk {
	static constexpr bool shares_requests = true;
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
#ifndef MISUSE
	EhTimerReturn timeout(ARef<Request<Disk>> rq) const;
#else
	EhTimerReturn timeout(ARef<Request<Disk>> &rq) const;
#endif
};

Result<ARef<TagSet<Disk>>> tags() KXX_MAY_SLEEP
{
	return TagSet<Disk>::make({});
	// expected-error@kxx/block/tag_set.hpp:* {{timeout must be: EhTimerReturn timeout(ARef<Request<Driver>>)}}
	// expected-error@kxx/block/tag_set.hpp:* {{non-const lvalue reference to type 'ARef<...>' cannot bind to a temporary of type}}
	// expected-note@-3 {{requested here}}
}
} // namespace timeout_wrong_signature
