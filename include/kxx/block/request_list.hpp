/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_list.hpp - lists of requests: for queue_rqs(), and for batched completion
 * Part of blk-mq.hpp. Wraps struct rq_list and struct io_comp_batch.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/block/request.hpp>

KXX_LAYOUT(io_comp_batch);

namespace kxx {

namespace detail {

template <typename Driver> void queue_rqs(struct rq_list *list) KXX_MAY_SLEEP;

} // namespace detail

/**
 * RequestList - The requests of one disk that queue_rqs() gets
 *
 * The driver owns the requests that it pops. blk-mq passes the others, and those that were put
 * back, to queue_rq() one by one. Context: the same as for queue_rq.
 *
 *     void queue_rqs(RequestList<Disk> &list) const
 *     {
 *             CompletionBatch<Disk> batch;
 *
 *             while (auto rq = list.pop()) {
 *                     rq->start();
 *                     batch.end(*std::move(rq), BlkStatus::OK);
 *             }
 *     }
 */
template <typename Driver> class RequestList {
public:
	RequestList(const RequestList &) = delete;
	RequestList &operator=(const RequestList &) = delete;
	~RequestList() { kxx_rq_list_give_back(list_, rest_, put_back_); }

	/** pop - Returns the next request, which the driver then owns; nothing at the end */
	[[nodiscard]] std::optional<Owned<Request<Driver>>> pop()
	{
		struct request *rq = rest_.head;

		if (!rq)
			return std::nullopt;
		rest_.head = kxx_rq_next(rq);
		kxx_rq_popped(rq);
		// SAFETY: blk-mq passes the whole list to the driver, and no other code has @rq.
		return Owned<Request<Driver>>::enter(rq);
	}

	/**
	 * put_back - Leaves @rq, which must not be started, to queue_rq()
	 *
	 * If @rq was started, it ends with BLK_STS_IOERR and a message in the log.
	 */
	void put_back(Owned<Request<Driver>> rq)
	{
		if (!rq.rq_) [[unlikely]] {
			kxx_warn("kxx: BUG: RequestList::put_back() of a request that had ended\n");
			return;
		}

		struct request *raw = rq.leave();

		if (kxx_rq_is_started(raw)) [[unlikely]]
			detail::drop_request(raw);
		else
			kxx_rq_chain_add(&put_back_, raw);
	}

private:
	template <typename D> friend class TagSet;
	template <typename D> friend void detail::queue_rqs(struct rq_list *list);

	explicit RequestList(struct rq_list *list) : list_(list), rest_(kxx_rq_list_take(list)) {}

	/*
	 * The list of blk-mq, which can be the task's plug. It is empty meanwhile, since the
	 * completion of a request may add requests of other disks.
	 */
	struct rq_list *list_;
	struct kxx_rq_list rest_;
	/* Requests that were put back, last one first; in rest_, pop() would return them again. */
	struct request *put_back_ = nullptr;
};

namespace detail {

/*
 * Adds @rq to @batch, or ends @rq if that is not possible; @batch may be NULL. Must be inlined into
 * the loop over the requests: a call would make GCC keep the Owned in memory, not in a register.
 */
template <typename Driver>
[[gnu::always_inline]] inline void end_in_batch(Owned<Request<Driver>> &&rq, BlkStatus status,
						struct io_comp_batch *batch)
{
	struct request *raw = std::move(rq).into_raw();

	if (!raw) [[unlikely]] {
		kxx_warn("kxx: BUG: a request that had ended, in a batch of those that end\n");
		return;
	}

	auto owned = Owned<Request<Driver>>::from_raw(raw);

	if (status == BlkStatus::OK && kxx_blk_mq_add_to_batch(raw, batch)) [[likely]]
		owned.leave();
	else
		owned.end(status);
}

} // namespace detail

/**
 * IoCompBatch - struct io_comp_batch: requests that end together, borrowed
 *
 * poll() gets it as an argument. Context: the same as for poll().
 */
template <typename Driver> class IoCompBatch {
public:
	IoCompBatch(const IoCompBatch &) = delete;
	IoCompBatch &operator=(const IoCompBatch &) = delete;

	/**
	 * end - blk_mq_add_to_batch(): adds the request to the batch, or ends it at once
	 *
	 * The request ends at once if there is no batch, if @status is an error, if the queue has
	 * an I/O scheduler, or if the request has an end_io callback, as flush requests have.
	 */
	void end(Owned<Request<Driver>> rq, BlkStatus status)
	{
		detail::end_in_batch(std::move(rq), status, batch_);
	}

private:
	template <typename D> friend class TagSet;

	explicit IoCompBatch(struct io_comp_batch *batch) : batch_(batch) {}

	/* NULL if there is no batch: then each request ends at once. */
	struct io_comp_batch *batch_;
};

/**
 * CompletionBatch - A batch of the driver, whose requests end with this object
 *
 * blk_mq_end_request_batch(). A local variable: cannot be moved. Some requests may end
 * earlier. It must not outlive data that the completion of a request needs.
 * Context: any except NMI.
 */
template <typename Driver> class [[nodiscard]] CompletionBatch {
public:
	CompletionBatch() = default;
	CompletionBatch(const CompletionBatch &) = delete;
	CompletionBatch &operator=(const CompletionBatch &) = delete;
	~CompletionBatch() { kxx_blk_mq_end_request_batch(batch_.get()); }

	/** end - See IoCompBatch::end() */
	void end(Owned<Request<Driver>> rq, BlkStatus status)
	{
		detail::end_in_batch(std::move(rq), status, batch_.get());
	}

private:
	Opaque<io_comp_batch> batch_;
};

} // namespace kxx
