/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue_status.hpp - how requests end, and what queue_rq and timeout handlers return
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
 * BlkStatus - completion status: blk_status_t
 *
 * BLK_STS_RESOURCE and BLK_STS_DEV_RESOURCE, with which queue_rq gives a request back, are no
 * enumerators. errno_to_blk_status() returns them for ENOMEM and EBUSY, as in C: a request that
 * ends with one ends with that errno.
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
	AGAIN = KXX_BLK_STS_AGAIN, /* for a request that may not wait, and no other */
	ZONE_OPEN_RESOURCE = KXX_BLK_STS_ZONE_OPEN_RESOURCE,
	ZONE_ACTIVE_RESOURCE = KXX_BLK_STS_ZONE_ACTIVE_RESOURCE,
	OFFLINE = KXX_BLK_STS_OFFLINE,
};

/** errno_to_blk_status - the status for @error, as errno_to_blk_status() of C */
inline BlkStatus errno_to_blk_status(Errno error)
{
	return static_cast<BlkStatus>(::errno_to_blk_status(error.to_errno()));
}

/**
 * EhTimerReturn - enum blk_eh_timer_return: the result of a timeout handler
 * @DONE: the request has ended or will, by whoever has it
 * @RESET_TIMER: ask again after another timeout
 */
enum class EhTimerReturn : unsigned int {
	DONE = KXX_BLK_EH_DONE,
	RESET_TIMER = KXX_BLK_EH_RESET_TIMER,
};

/** Retry - the reason why queue_rq gives a request back; blk-mq sends it again later */
enum class Retry : blk_status_t {
	RESOURCE = KXX_BLK_STS_RESOURCE,
};

namespace detail {

/* Ends a request that its driver dropped. */
[[gnu::noinline]] inline __cold void drop_request(struct request *rq)
{
	kxx_blk_mq_request_dropped(rq);
	::blk_mq_end_request(rq, static_cast<blk_status_t>(BlkStatus::IOERR));
}

} // namespace detail

/**
 * QueueStatus - what queue_rq tells blk-mq
 *
 * ok(): the driver took the request; it has ended it, or will. Anything else
 * comes from Owned<Request>::give_back(), and owns the request until queue_rq
 * returns it: not returned, or returned for another request, it ends its own
 * with BLK_STS_IOERR and a line in the log.
 */
class [[nodiscard]] QueueStatus {
public:
	static QueueStatus ok() { return QueueStatus(KXX_BLK_STS_OK, nullptr); }

	/**
	 * into_raw - the status to return to blk-mq for @rq: OK, unless @rq was given back
	 *
	 * A function that is not inlined returns it in a register, and an object with a destructor
	 * in memory. A status other than OK owns @rq: return it to blk-mq, or pass both to
	 * from_raw().
	 */
	[[nodiscard("nobody else ends the request that is given back")]] blk_status_t
	into_raw(const struct request *rq) &&
	{
		if (given_back_ != rq)
			return KXX_BLK_STS_OK;
		given_back_ = nullptr;
		return status_;
	}
	/** from_raw - the reverse: owns @rq, unless @status is OK */
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
