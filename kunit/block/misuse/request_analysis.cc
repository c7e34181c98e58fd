// SPDX-License-Identifier: GPL-2.0
// Mistakes that clang's analyses must refuse; checked by scripts/tests/misuse.
#include <kxx/block/blk-mq.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/hrtimer.hpp>
#include <kxx/sync/spinlock.hpp>

using namespace kxx;

struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

namespace completion_batch_ignored {
void finish(Owned<Request<Disk>> rq)
{
#ifdef MISUSE
	CompletionBatch<Disk>();
	// expected-warning@-1 {{declared with 'nodiscard' attribute}}
	rq.end(BlkStatus::OK);
#else
	CompletionBatch<Disk> batch;

	batch.end(std::move(rq), BlkStatus::OK);
#endif
}
} // namespace completion_batch_ignored

namespace for_each_bvec_may_sleep_under_spinlock {
Result<void> serve(Request<Disk> &rq, SpinLock<unsigned int> &parts) KXX_MAY_SLEEP
{
	auto copy = [](const Bvec &) KXX_MAY_SLEEP -> Result<void> {
		auto page = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));

		return {};
	};

#ifndef MISUSE
	Result<void> done = rq.for_each_bvec_may_sleep(copy);
	auto guard = parts.lock();
#else
	auto guard = parts.lock();
	Result<void> done = rq.for_each_bvec_may_sleep(copy);
	// expected-warning@-1 {{cannot call function 'for_each_bvec_may_sleep}}
#endif

	++*guard;
	return done;
}
} // namespace for_each_bvec_may_sleep_under_spinlock

namespace for_each_segment_may_sleep_under_spinlock {
Result<void> serve(Request<Disk> &rq, SpinLock<unsigned int> &parts) KXX_MAY_SLEEP
{
	auto copy = [](Segment &) KXX_MAY_SLEEP -> Result<void> {
		auto page = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));

		return {};
	};

#ifndef MISUSE
	Result<void> done = rq.for_each_segment_may_sleep(copy);
	auto guard = parts.lock();
#else
	auto guard = parts.lock();
	Result<void> done = rq.for_each_segment_may_sleep(copy);
	// expected-warning@-1 {{cannot call function 'for_each_segment_may_sleep}}
#endif

	++*guard;
	return done;
}
} // namespace for_each_segment_may_sleep_under_spinlock

namespace may_sleep_in_for_each_bvec {
Result<void> serve(Request<Disk> &rq) KXX_MAY_SLEEP
{
	auto copy = [](const Bvec &) KXX_MAY_SLEEP -> Result<void> {
		auto page = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));

		return {};
	};

#ifndef MISUSE
	return rq.for_each_bvec_may_sleep(copy);
#else
	return rq.for_each_bvec(copy);
	// expected-warning@kxx/block/request.hpp:* {{calling function 'operator()' requires negative capability '!atomic_context'}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace may_sleep_in_for_each_bvec

namespace may_sleep_in_for_each_segment {
Result<void> serve(Request<Disk> &rq) KXX_MAY_SLEEP
{
	auto copy = [](Segment &) KXX_MAY_SLEEP -> Result<void> {
		auto page = KXX_TRY(Box<int>::make(GFP_KERNEL, 1));

		return {};
	};

#ifndef MISUSE
	return rq.for_each_segment_may_sleep(copy);
#else
	return rq.for_each_segment(copy);
	// expected-warning@kxx/block/request.hpp:* {{calling function 'operator()' requires negative capability '!atomic_context'}}
	// expected-note@-2 {{requested here}}
#endif
}
} // namespace may_sleep_in_for_each_segment

namespace request_abandoned_after_end {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void timed_out(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifdef MISUSE
	rq.end(BlkStatus::OK);
#endif
	rq.abandon();
	// expected-warning@-1 {{invalid invocation of method 'abandon' on object 'rq' while it is in the 'consumed' state}}
	return QueueStatus::ok();
}
} // namespace request_abandoned_after_end

namespace request_assigned_over_another {
void end_both(Owned<Request<Disk>> rq, Owned<Request<Disk>> other)
{
#ifndef MISUSE
	rq.end(BlkStatus::OK);
#endif
	rq = std::move(other);
	// expected-warning@-1 {{invalid invocation of method 'operator=' on object 'rq' while it is in the 'unconsumed' state}}
	rq.end(BlkStatus::OK);
}
} // namespace request_assigned_over_another

namespace request_ended_after_abandon {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
	void timed_out(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
#ifdef MISUSE
	rq.abandon();
#endif
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{invalid invocation of method 'end' on object 'rq' while it is in the 'consumed' state}}
	return QueueStatus::ok();
}
} // namespace request_ended_after_abandon

namespace request_ended_after_give_back {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	QueueStatus status = rq.give_back(Retry::RESOURCE);

#ifdef MISUSE
	rq.end(BlkStatus::IOERR);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'consumed' state}}
#endif
	return status;
}
} // namespace request_ended_after_give_back

namespace request_ended_twice {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
	rq.end(BlkStatus::OK);
#ifdef MISUSE
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'consumed' state}}
#endif
	return QueueStatus::ok();
}
} // namespace request_ended_twice

namespace request_ended_twice_on_one_path {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	rq.start();
	if (rq->op() == ReqOp::FLUSH) {
		rq.end(BlkStatus::NOTSUPP);
#ifndef MISUSE
		return QueueStatus::ok();
#endif
	}
	rq.end(BlkStatus::OK);
	// expected-warning@-1 {{method 'end' on object 'rq' while it is in the 'unknown' state}}
	return QueueStatus::ok();
}
} // namespace request_ended_twice_on_one_path

namespace request_taken_after_end_on_one_path {
void end(Owned<Request<Disk>> rq, bool failed)
{
	if (failed) {
		rq.end(BlkStatus::IOERR);
#ifndef MISUSE
		return;
#endif
	}

	auto taken = take(rq);
	// expected-warning@-1 {{argument not in expected state; expected 'unconsumed', observed 'unknown'}}

	taken.end(BlkStatus::OK);
}
} // namespace request_taken_after_end_on_one_path

namespace request_timed_after_end {
struct Disk {
	using Rq = Owned<Request<Disk>>;

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
} // namespace request_timed_after_end

namespace request_used_after_batch_end {
void finish(CompletionBatch<Disk> &batch, Owned<Request<Disk>> rq)
{
#ifndef MISUSE
	unsigned int bytes = rq->bytes();

	batch.end(std::move(rq), BlkStatus::OK);
#else
	batch.end(std::move(rq), BlkStatus::OK);

	unsigned int bytes = rq->bytes(); // expected-warning {{invalid invocation of method}}
#endif
	pr_info("%u bytes\n", bytes);
}
} // namespace request_used_after_batch_end

namespace request_used_after_end {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
	unsigned int bytes = rq->bytes();

	rq.start();
	rq.end(BlkStatus::OK);
#ifdef MISUSE
	bytes = rq->bytes();
	// expected-warning@-1 {{method 'operator->' on object 'rq' while it is in the 'consumed' state}}
#endif
	pr_info("%u bytes\n", bytes);
	return QueueStatus::ok();
}
} // namespace request_used_after_end

namespace request_used_after_move {
struct Disk {
	QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
};

void keep(Owned<Request<Disk>> rq);

QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
{
#ifndef MISUSE
	rq.start();
	keep(std::move(rq));
#else
	keep(std::move(rq));
	rq.start();
	// expected-warning@-1 {{method 'start' on object 'rq' while it is in the 'consumed' state}}
#endif
	return QueueStatus::ok();
}
} // namespace request_used_after_move

namespace request_used_after_put_back {
void refuse(RequestList<Disk> &list, Owned<Request<Disk>> rq)
{
	list.put_back(std::move(rq));
#ifdef MISUSE
	rq.end(BlkStatus::IOERR); // expected-warning {{invalid invocation of method}}
#endif
}
} // namespace request_used_after_put_back

namespace segment_bytes_outlive_mapping {
#ifndef MISUSE
unsigned char first_byte(Segment &segment)
{
	auto mapped = segment.kmap_local();

	return *mapped.data();
}
#else
unsigned char *bytes(Segment &segment)
{
	auto mapped = segment.kmap_local();

	return mapped.data();
	// expected-warning@-1 {{address of stack memory associated with local variable 'mapped' returned}}
}
#endif
} // namespace segment_bytes_outlive_mapping
