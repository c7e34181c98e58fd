/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_status.hpp - results of requests, of queue_rq and of timeout handlers
 * Part of blk-mq.hpp.
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/ownership.hpp>

namespace kxx {

/**
 * BlkStatus - Completion status: blk_status_t
 *
 * BLK_STS_RESOURCE and BLK_STS_DEV_RESOURCE have no enumerator: queue_rq returns them for a
 * request that blk-mq must send again. errno_to_blk_status() does return them for ENOMEM and
 * EBUSY, as in C; a request that ends with one of them fails with that errno.
 */
enum class BlkStatus : blk_status_t {
	OK = KXX_BLK_STS_OK,
	NOTSUPP = KXX_BLK_STS_NOTSUPP,
	TIMEOUT = KXX_BLK_STS_TIMEOUT,
	NOSPC = KXX_BLK_STS_NOSPC,
	TRANSPORT = KXX_BLK_STS_TRANSPORT,
	TARGET = KXX_BLK_STS_TARGET,
	RESV_CONFLICT = KXX_BLK_STS_RESV_CONFLICT, /* BLK_STS_NEXUS before 6.5 */
	MEDIUM = KXX_BLK_STS_MEDIUM,
	PROTECTION = KXX_BLK_STS_PROTECTION,
	IOERR = KXX_BLK_STS_IOERR,
	AGAIN = KXX_BLK_STS_AGAIN, /* only for a request with REQ_NOWAIT */
	ZONE_OPEN_RESOURCE = KXX_BLK_STS_ZONE_OPEN_RESOURCE,
	ZONE_ACTIVE_RESOURCE = KXX_BLK_STS_ZONE_ACTIVE_RESOURCE,
	OFFLINE = KXX_BLK_STS_OFFLINE,
};

/** errno_to_blk_status - errno_to_blk_status(): returns the status for @error */
inline BlkStatus errno_to_blk_status(Errno error)
{
	return static_cast<BlkStatus>(::errno_to_blk_status(error.to_errno()));
}

/**
 * EhTimerReturn - enum blk_eh_timer_return: the result of a timeout handler
 * @DONE: the request has ended, or its user will end it
 * @RESET_TIMER: the handler must be called again after another timeout
 */
enum class EhTimerReturn : unsigned int {
	DONE = KXX_BLK_EH_DONE,
	RESET_TIMER = KXX_BLK_EH_RESET_TIMER,
};

/** Retry - The reason why queue_rq gives a request back; blk-mq sends it again later */
enum class Retry : blk_status_t {
	RESOURCE = KXX_BLK_STS_RESOURCE,
};

namespace detail {

/* Ends a request that the driver dropped without ending it. */
[[gnu::noinline]] inline __cold void drop_request(struct request *rq)
{
	kxx_blk_mq_request_dropped(rq);
	::blk_mq_end_request(rq, static_cast<blk_status_t>(BlkStatus::IOERR));
}

} // namespace detail

/**
 * QueueStatus - The result of queue_rq
 *
 * ok() means that the driver took the request, and has ended it or will end it. Any other status
 * comes from Owned<Request>::give_back() and owns the request until queue_rq returns. If the
 * status is dropped, or returned for another request, its request ends with BLK_STS_IOERR and a
 * message in the log.
 */
class [[nodiscard]] QueueStatus {
public:
	static QueueStatus ok() { return QueueStatus(KXX_BLK_STS_OK, nullptr); }

	/**
	 * into_raw - Returns the status for blk-mq: OK, unless @rq itself was given back
	 *
	 * A status other than OK owns @rq: return it to blk-mq, or pass both to from_raw(). Use
	 * it as the result of a function that is not inlined: an integer is returned in a
	 * register, but an object with a destructor in memory.
	 */
	[[nodiscard("nobody else ends the request that is given back")]] blk_status_t
	into_raw(const struct request *rq) &&
	{
		if (given_back_ != rq)
			return KXX_BLK_STS_OK;
		given_back_ = nullptr;
		return status_;
	}
	/** from_raw - Reverses into_raw(): owns @rq, unless @status is OK */
	static QueueStatus from_raw(blk_status_t status, struct request *rq)
	{
		return QueueStatus(status, status == KXX_BLK_STS_OK ? nullptr : rq);
	}

	QueueStatus(QueueStatus &&other)
		: status_(other.status_), given_back_(std::exchange(other.given_back_, nullptr))
	{
	}
	QueueStatus &operator=(QueueStatus &&) = delete;
	QueueStatus(const QueueStatus &) = delete;
	QueueStatus &operator=(const QueueStatus &) = delete;
	~QueueStatus()
	{
		if (given_back_) [[unlikely]]
			detail::drop_request(given_back_);
	}

private:
	template <typename T> friend class Owned;

	QueueStatus(blk_status_t status, struct request *given_back)
		: status_(status), given_back_(given_back)
	{
	}

	blk_status_t status_;
	struct request *given_back_;
};

} // namespace kxx
