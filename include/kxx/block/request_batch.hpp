/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_batch.hpp - requests that wait and end together
 * Part of blk-mq.hpp. A batch is linked through struct request::rq_next, which blk-mq does not use
 * while the driver has the request.
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
 * RequestBatch - Owns requests that wait for the same event and then end together
 *
 * Initially empty. A timer can take it in place of an Owned. complete() passes it to
 * Driver::complete(), for a driver that declares:
 *
 *     void complete(RequestBatch<Disk> batch) const;
 *
 * All requests of a batch have the same hardware queue, software queue and deadline, so blk-mq
 * handles only the first one. When the first request times out, timed_out() or take_back() must
 * handle the whole batch.
 *
 * Unique: cannot be copied, only moved. If it is dropped, its requests end with BLK_STS_IOERR and
 * a message in the log. Only for drivers that do not share requests. Context: any except NMI.
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
	/** RequestBatch - Has only @rq, which may end with any status; no request can be added */
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

	/** bool - Returns false if the batch is empty */
	explicit operator bool() const { return first_; }

	/**
	 * add - Adds @rq, which must be started and must end with BlkStatus::OK
	 *
	 * If @rq does not fit in this batch, returns the old batch and begins a new one with @rq.
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
			kxx_rq_set_next(raw, nullptr);
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

	/** first - Returns the first request; the batch must not be empty */
	Request<Driver> &first() const KXX_LIFETIMEBOUND
	{
		// SAFETY: see Request::raw(). The driver owns the request as long as first_ is
		// set.
		return *reinterpret_cast<Request<Driver> *>(first_);
	}

	/**
	 * for_each - Calls @f(const Request<Driver> &) for each request, which stays in the batch
	 *
	 * @f must not sleep.
	 */
	template <typename F> void for_each(F &&f) const
	{
		// SAFETY: as in first(); the requests of a batch are linked until they end.
		for (Raw rq = first_; rq; rq = kxx_rq_next(rq))
			f(*reinterpret_cast<const Request<Driver> *>(rq));
	}

	/** end - Ends all requests with @status, in the order in which they were added */
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

	/** complete - Passes the batch to Driver::complete(); see Owned::complete() */
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

	/** into_raw - Releases the batch to the caller, who must pass it to from_raw() later */
	[[nodiscard("nobody else ends the requests")]] Raw into_raw() &&
	{
		last_ = nullptr;
		return std::exchange(first_, nullptr);
	}
	/** from_raw - Takes over what into_raw() returned, never NULL; no request can be added */
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

	/*
	 * Static and out of line: a call with the object's address would make the compiler keep the
	 * batch in memory instead of in registers.
	 */
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
	/* NULL if no request can be added */
	struct request *last_ = nullptr;
};

} // namespace kxx
