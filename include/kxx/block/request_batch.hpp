/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_batch.hpp - requests that wait and end together
 * Part of blk-mq.hpp. Linked by struct request's rq_next, which is free as long as the driver
 * has the request.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/printk.hpp>
#include <kxx/block/request.hpp>

namespace kxx {

/**
 * RequestBatch - requests that wait for the same event and end together, owned as one
 *
 * Empty when it is made. A timer takes it, as it takes an Owned; complete() gives it to softirq
 * for a driver whose complete() takes it:
 *
 *     void complete(RequestBatch<Disk> batch) const;
 *
 * blk-mq treats the requests of a batch alike: they are of one hardware queue and one software
 * queue, and have one deadline. So the first request stands for all. In timed_out() and
 * take_back() the others time out with the first.
 *
 * Unique, and moves. Dropped, its requests end with BLK_STS_IOERR and a line in the log. For
 * drivers that do not share requests. Context: any except NMI.
 *
 *     RequestBatch<Disk> batch;
 *
 *     while (auto rq = list.pop()) {
 *             rq->start();
 *             if (auto before = batch.add(*std::move(rq)))
 *                     before->complete();
 *     }
 *     if (batch)
 *             batch.complete();
 */
template <typename Driver> class [[nodiscard]] RequestBatch {
	static_assert(!detail::shares_requests<Driver>,
		      "a request of a batch has one owner: no shares_requests");

public:
	using Raw = struct request *;

	RequestBatch() = default;
	/** RequestBatch - of @rq alone, to which none is added; @rq may end with any status */
	explicit RequestBatch(Owned<Request<Driver>> rq) : first_(std::move(rq).into_raw())
	{
		if (first_) [[likely]]
			kxx_rq_set_next(first_, nullptr);
	}
	RequestBatch(RequestBatch &&other)
		: first_(std::exchange(other.first_, nullptr)),
		  last_(std::exchange(other.last_, nullptr))
	{
	}
	RequestBatch &operator=(RequestBatch &&) = delete;
	RequestBatch(const RequestBatch &) = delete;
	RequestBatch &operator=(const RequestBatch &) = delete;
	~RequestBatch()
	{
		if (first_) [[unlikely]]
			drop(first_);
	}

	/** bool - false if it is empty */
	explicit operator bool() const { return first_; }

	/**
	 * add - @rq, which has been started and is to end with BlkStatus::OK
	 *
	 * Returns the batch as it was if @rq cannot be one of it: this is then a batch of @rq.
	 */
	[[nodiscard]] std::optional<RequestBatch> add(Owned<Request<Driver>> rq)
	{
		struct request *raw = std::move(rq).into_raw();

		if (!raw) [[unlikely]] {
			kxx_warn("kxx: BUG: RequestBatch::add() of a request that had ended\n");
			return std::nullopt;
		}
		if (last_ && kxx_rq_joins(raw, first_)) [[likely]] {
			kxx_rq_set_next(last_, raw);
			last_ = raw;
			return std::nullopt;
		}
		if (!first_) {
			begin(raw);
			return std::nullopt;
		}

		RequestBatch before = from_raw(first_);

		begin(raw);
		return before;
	}

	/** first - the first request; it may be the only one */
	Request<Driver> &first() const KXX_LIFETIMEBOUND
	{
		// SAFETY: see Request::raw(); the request is ours while first_ is set.
		return *reinterpret_cast<Request<Driver> *>(first_);
	}

	/** end - ends all with @status, in the order in which they were added */
	void end(BlkStatus status)
	{
		struct request *first = std::exchange(first_, nullptr);

		if (!first) [[unlikely]]
			used_after_end("end");
		else if (kxx_rq_next(first) && status == BlkStatus::OK)
			end_list(first);
		else
			kxx_blk_mq_end_each(first, static_cast<blk_status_t>(status));
	}

	/** complete - Owned::complete() for all: Driver::complete() gets the batch */
	void complete()
	{
		struct request *first = std::exchange(first_, nullptr);

		static_assert(detail::completes_batches<Driver>,
			      "a driver whose complete() takes no batch cannot complete one");
		if (first) [[likely]]
			kxx_blk_mq_complete_requests(first);
		else
			used_after_end("complete");
	}

	/** into_raw - gives the batch up to a holder; from_raw() must take it back */
	[[nodiscard("nobody else ends the requests")]] Raw into_raw() &&
	{
		last_ = nullptr;
		return std::exchange(first_, nullptr);
	}
	/** from_raw - takes what into_raw() gave, never NULL; no request can be added to it */
	static RequestBatch from_raw(Raw first)
	{
		RequestBatch batch;

		batch.first_ = first;
		return batch;
	}

private:
	void begin(struct request *rq)
	{
		first_ = rq;
		last_ = kxx_rq_leads(rq) ? rq : nullptr;
		kxx_rq_set_next(rq, nullptr);
	}

	/* Out of line and without an object, so that what calls them keeps a batch in registers. */
	[[gnu::noinline]] static void end_list(Raw first) { kxx_blk_mq_end_requests(first); }
	[[gnu::noinline]] static __cold void drop(Raw rq)
	{
		while (rq) {
			struct request *next = kxx_rq_next(rq);

			detail::drop_request(rq);
			rq = next;
		}
	}

	[[gnu::noinline]] static __cold void used_after_end(const char *method)
	{
		kxx_warn("kxx: BUG: RequestBatch::%s() of a batch that is empty\n", method);
	}

	struct request *first_ = nullptr;
	/* NULL if no request can be added. */
	struct request *last_ = nullptr;
};

} // namespace kxx
