/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request.hpp - requests with one owner
 * Part of blk-mq.hpp, which describes drivers. shared_request.hpp has requests with several
 * users.
 */
#pragma once

#include <optional>
#include <type_traits>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/layout.hpp>
#include <kxx/base/ownership.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/block/hctx.hpp>
#include <kxx/block/queue_status.hpp>
#include <kxx/block/request_pdu.hpp>
#include <kxx/block/request_queue.hpp>
#include <kxx/block/segment.hpp>
#include <kxx/sync/context.hpp>

KXX_LAYOUT(req_iterator);

namespace kxx {

/** ReqOp - enum req_op; op() may also return a value that is not listed here */
enum class ReqOp : unsigned int {
	READ = KXX_REQ_OP_READ,
	WRITE = KXX_REQ_OP_WRITE,
	FLUSH = KXX_REQ_OP_FLUSH,
	DISCARD = KXX_REQ_OP_DISCARD,
	SECURE_ERASE = KXX_REQ_OP_SECURE_ERASE,
	WRITE_ZEROES = KXX_REQ_OP_WRITE_ZEROES,
	ZONE_APPEND = KXX_REQ_OP_ZONE_APPEND,
	ZONE_OPEN = KXX_REQ_OP_ZONE_OPEN,
	ZONE_CLOSE = KXX_REQ_OP_ZONE_CLOSE,
	ZONE_FINISH = KXX_REQ_OP_ZONE_FINISH,
	ZONE_RESET = KXX_REQ_OP_ZONE_RESET,
	ZONE_RESET_ALL = KXX_REQ_OP_ZONE_RESET_ALL,
};

/* Defined in shared_request.hpp */
template <typename Driver> class ARef<Request<Driver>>;

/**
 * Request - struct request, borrowed
 * @Driver: the driver that owns the request
 *
 * No object of this type is ever constructed: a reference comes from an Owned or an ARef, or is
 * an argument of a callback. A request's address cannot be taken, since a pointer could be used
 * after the request has ended. Clang's analyzer reports the use of a reference after end(),
 * complete() or requeue() in the same file (KXX_TAKES in glue/types.h). Context: any.
 */
template <typename Driver> class Request {
public:
	Request() = delete;
	Request(const Request &) = delete;
	Request &operator=(const Request &) = delete;
	Request *operator&() = delete;
	const Request *operator&() const = delete;

	/** op - req_op() */
	ReqOp op() const { return static_cast<ReqOp>(kxx_req_op(raw())); }
	/** pos - blk_rq_pos(): the first sector, in units of 512 bytes */
	sector_t pos() const { return kxx_blk_rq_pos(raw()); }
	/** bytes - blk_rq_bytes() */
	unsigned int bytes() const { return kxx_blk_rq_bytes(raw()); }

	/** is_fua - REQ_FUA: the request must not end before the data is on the medium */
	bool is_fua() const { return kxx_rq_cmd_flags(raw()) & KXX_REQ_FUA; }
	/** is_polled - REQ_POLLED: the submitter calls poll() until the request has ended */
	bool is_polled() const { return kxx_rq_cmd_flags(raw()) & KXX_REQ_POLLED; }
	/** is_nowait - REQ_NOWAIT: must end with BlkStatus::AGAIN instead of waiting */
	bool is_nowait() const { return kxx_rq_cmd_flags(raw()) & KXX_REQ_NOWAIT; }
	/** cmd_flags - Returns the operation and all REQ_* flags; see <linux/blk_types.h> */
	unsigned int cmd_flags() const { return kxx_rq_cmd_flags(raw()); }

	/** pdu - blk_mq_rq_to_pdu(): the driver's data of this request */
	auto &pdu() KXX_LIFETIMEBOUND { return command().pdu; }
	const auto &pdu() const KXX_LIFETIMEBOUND { return command().pdu; }

	/** disk - Returns the disk of the request's queue, or NULL; for trace events */
	struct gendisk *disk() const { return kxx_rq_disk(raw()); }
	/** tag - Returns the tag for Hctx::tag_to_rq(), valid while the driver has the request */
	unsigned int tag() const { return kxx_rq_tag(raw()); }
	/** hctx - Returns the hardware queue of the request */
	Hctx<Driver> hctx() const { return Hctx<Driver>(kxx_rq_hctx(raw())); }

	/** queue - Returns the queue of the disk; a BusyQueue can be stopped but not frozen */
	BusyQueue queue() const { return BusyQueue(kxx_rq_queue(raw())); }

	/**
	 * should_fake_timeout - blk_should_fake_timeout(): true if the driver must not end the
	 * request
	 *
	 * The driver keeps such a request until it times out. For the fault injection of
	 * CONFIG_FAIL_IO_TIMEOUT: fail_io_timeout in debugfs and io-timeout-fail of the disk.
	 */
	bool should_fake_timeout() const { return kxx_blk_should_fake_timeout(raw()); }

	/** set_pos - Sets the sector to which a zone append has written, for the submitter */
	void set_pos(sector_t sector) { kxx_rq_set_pos(raw(), sector); }

	/**
	 * queuedata - Returns the driver's object of the disk
	 *
	 * Valid until the request has ended, and in a callback of blk-mq or the function of a timer
	 * until that returns. A Work that ends the request must not use it afterwards.
	 */
	const Driver &queuedata() const
	{
		// SAFETY: GenDisk<Driver> made the queue with a Driver as queuedata, and
		// destroys the Driver after all requests have ended, and after the callbacks that
		// ended them have returned.
		return *static_cast<const Driver *>(kxx_blk_mq_rq_queuedata(raw()));
	}

	/**
	 * for_each_segment - rq_for_each_segment(): calls @f(Segment &) for each segment in order
	 *
	 * @f returns a Result<void>; the first error ends the loop and is returned. @f must not
	 * sleep, which clang checks; otherwise use for_each_segment_may_sleep().
	 */
	template <typename F>
		requires std::is_invocable_r_v<Result<void>, F &, Segment &>
	Result<void> for_each_segment(F &&f)
	{
		Opaque<req_iterator> iter;
		Segment segment;

		for (bool more = first(iter, segment); more; more = next(iter, segment)) {
			Result<void> done = f(segment);

			if (!done)
				return done;
		}
		return {};
	}

	/**
	 * for_each_segment_may_sleep - The same, for an @f that may sleep
	 *
	 * Needs its own name, because the type of @f does not tell whether @f sleeps.
	 */
	template <typename F>
		requires std::is_invocable_r_v<Result<void>, F &, Segment &>
	Result<void> for_each_segment_may_sleep(F &&f) KXX_MAY_SLEEP
	{
		Opaque<req_iterator> iter;
		Segment segment;

		for (bool more = first(iter, segment); more; more = next(iter, segment)) {
			Result<void> done = f(segment);

			if (!done)
				return done;
		}
		return {};
	}

	/** for_each_bvec - rq_for_each_bvec(): as for_each_segment(), with @f(const Bvec &) */
	template <typename F>
		requires std::is_invocable_r_v<Result<void>, F &, const Bvec &>
	[[gnu::always_inline]] Result<void> for_each_bvec(F &&f)
	{
		Opaque<req_iterator> iter{ uninitialized };
		Bvec bvec;

		for (bool more = first(iter, bvec); more; more = next(iter, bvec)) {
			Result<void> done = f(std::as_const(bvec));

			if (!done)
				return done;
		}
		return {};
	}

	/** for_each_bvec_may_sleep - The same, for an @f that may sleep */
	template <typename F>
		requires std::is_invocable_r_v<Result<void>, F &, const Bvec &>
	[[gnu::always_inline]] Result<void> for_each_bvec_may_sleep(F &&f) KXX_MAY_SLEEP
	{
		Opaque<req_iterator> iter{ uninitialized };
		Bvec bvec;

		for (bool more = first(iter, bvec); more; more = next(iter, bvec)) {
			Result<void> done = f(std::as_const(bvec));

			if (!done)
				return done;
		}
		return {};
	}

private:
	[[gnu::always_inline]] bool first(Opaque<req_iterator> &iter, Segment &segment)
	{
		return kxx_rq_first_segment(raw(), iter.get(), segment.bv_.get());
	}
	[[gnu::always_inline]] bool next(Opaque<req_iterator> &iter, Segment &segment)
	{
		return kxx_rq_next_segment(iter.get(), segment.bv_.get());
	}
	[[gnu::always_inline]] bool first(Opaque<req_iterator> &iter, Bvec &bvec)
	{
		return kxx_rq_first_bvec(raw(), iter.get(), bvec.bv_.get());
	}
	[[gnu::always_inline]] bool next(Opaque<req_iterator> &iter, Bvec &bvec)
	{
		return kxx_rq_next_bvec(iter.get(), bvec.bv_.get());
	}

	detail::Command<Driver> &command() const
	{
		// SAFETY: TagSet<Driver> passed sizeof(Command) to blk-mq as cmd_size, and its
		// init_request() constructed a Command there.
		return *static_cast<detail::Command<Driver> *>(kxx_blk_mq_rq_to_pdu(raw()));
	}

	struct request *raw() const
	{
		// SAFETY: a Request & is always made from a struct request * (Owned, below), so
		// its address is that of the struct request. No Request is ever constructed. C
		// functions take no const struct request *, so const is cast away.
		return reinterpret_cast<struct request *>(const_cast<Request *>(this));
	}
};

namespace detail {

template <typename Driver> blk_status_t queue_rq(const struct blk_mq_queue_data *bd) KXX_MAY_SLEEP;

template <typename Driver>
void end_in_batch(Owned<Request<Driver>> &&rq, BlkStatus status, struct io_comp_batch *batch);

} // namespace detail

/**
 * Owned<Request> - A request that the driver must end
 *
 * queue_rq and complete() receive one. Unique: it needs no reference count and no atomic
 * operation. Cannot be copied, only moved.
 *
 * These methods give the request away: end(), complete(), requeue(), give_back(), abandon() and
 * share(); a timer can take it too. If the driver drops it instead, the request ends with
 * BLK_STS_IOERR and a message in the log, so no request is lost. After the request was given
 * away, these methods warn and do nothing, but share() is a BUG(). Clang then refuses the use of
 * -> and *.
 *
 * Clang tracks local variables only. Use take(command.rq) to move a request out of a member, an
 * array element or an optional. A function that only reads the request takes a Request & or a
 * const Owned &. A function that may end the request, or not, takes an Owned and returns an
 * optional Owned.
 *
 * Context: any except NMI.
 *
 *     QueueStatus Disk::queue_rq(Owned<Request<Disk>> rq) const
 *     {
 *             rq.start();
 *             rq.end(BlkStatus::OK);
 *             return QueueStatus::ok();
 *     }
 */
template <typename Driver> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) Owned<Request<Driver>> {
public:
	using Raw = struct request *;

	Owned(Owned &&other) : rq_(std::exchange(other.rq_, nullptr)) {}
	/** operator= - Takes over a request; drops the request that this Owned still has, if any */
	Owned &operator=(Owned &&other) KXX_CALLABLE_WHEN("consumed", "unknown")
	{
		Owned taken(std::move(other));

		std::swap(rq_, taken.rq_);
		return *this;
	}
	Owned(const Owned &) = delete;
	Owned &operator=(const Owned &) = delete;
	~Owned()
	{
		if (rq_) [[unlikely]]
			detail::drop_request(leave());
	}

	/** start - blk_mq_start_request(); call it once, before work on the request begins */
	void start() KXX_CALLABLE_WHEN("unconsumed")
	{
		if (rq_) [[likely]]
			::blk_mq_start_request(rq_);
		else
			used_after_end("start");
	}

	/** end - blk_mq_end_request(): ends the request with @status */
	void end(BlkStatus status) KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (rq_) [[likely]]
			::blk_mq_end_request(leave(), static_cast<blk_status_t>(status));
		else
			used_after_end("end");
	}

	/**
	 * complete - blk_mq_complete_request(): passes the request to Driver::complete()
	 *
	 * Driver::complete() runs in a softirq, perhaps on another CPU, or in the caller's context
	 * before this function returns. So hold no lock that Driver::complete() takes.
	 */
	void complete() KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		static_assert(detail::has_complete<Driver>,
			      "a driver without complete() cannot complete a request: end() it");
		if (!rq_) [[unlikely]] {
			used_after_end("complete");
			return;
		}
		/* Driver::complete() gets a batch: make one of this request only. */
		if constexpr (detail::completes_batches<Driver>)
			kxx_rq_set_next(rq_, nullptr);
		kxx_blk_mq_complete_request(std::exchange(rq_, nullptr));
	}

	/**
	 * end_part - blk_update_request(): ends the first @bytes of the request with @status
	 * @bytes: whole sectors; warns and ends fewer bytes otherwise
	 *
	 * Returns the request, which now begins after these bytes. If nothing is left, ends the
	 * request with @status and returns nothing.
	 */
	[[nodiscard]] std::optional<Owned> end_part(BlkStatus status, unsigned int bytes)
		KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (!rq_) [[unlikely]] {
			used_after_end("end_part");
			return std::nullopt;
		}
		if (bytes >= (*this)->bytes()) {
			::blk_mq_end_request(leave(), static_cast<blk_status_t>(status));
			return std::nullopt;
		}
		if (bytes % sector_size) [[unlikely]]
			misused("end_part", "of a part of a sector");
		// SAFETY: at least one byte is left, so blk_update_request() does not end the
		// request.
		::blk_update_request(rq_, static_cast<blk_status_t>(status),
				     bytes - bytes % sector_size);
		return Owned(std::exchange(rq_, nullptr));
	}

	/**
	 * requeue - blk_mq_requeue_request(): queue_rq gets the request again, started or not
	 * @msecs: delay in milliseconds, which the last call sets for all requeued requests of
	 *         the queue
	 */
	void requeue(unsigned long msecs = 0) KXX_CALLABLE_WHEN("unconsumed")
		KXX_SET_TYPESTATE(consumed)
	{
		if (rq_) [[likely]]
			kxx_blk_mq_requeue_request(leave(), msecs);
		else
			used_after_end("requeue");
	}

	/**
	 * abandon - Leaves the request until it times out; Driver::timed_out() then gets it
	 *
	 * Call it only after start(); warns and starts the request otherwise.
	 */
	void abandon() KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		static_assert(detail::has_timed_out<Driver>,
			      "a driver without timed_out() never gets back what it abandons");
		if (!rq_) [[unlikely]] {
			used_after_end("abandon");
			return;
		}
		if (!kxx_rq_is_started(rq_)) [[unlikely]] {
			misused("abandon", "of a request that was not started");
			::blk_mq_start_request(rq_);
		}
		detail::abandoned_of<Driver>(std::exchange(rq_, nullptr)).set();
	}

	/** give_back - Result for queue_rq: blk-mq takes the request back and sends it again */
	QueueStatus give_back(Retry why) KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (!rq_) {
			used_after_end("give_back");
			return QueueStatus::ok();
		}
		return QueueStatus(static_cast<blk_status_t>(why), leave());
	}

	/**
	 * give_back - The same, but blk-mq sends it again after @stopped is destroyed
	 * @stopped: a StoppedQueue of this request's queue
	 *
	 * Returns BLK_STS_RESOURCE, for which blk-mq also runs the queue again by itself; that has
	 * no effect while the queue is stopped. With BLK_STS_DEV_RESOURCE, only the driver would
	 * run the queue again, and the request would be stuck if @stopped were destroyed before
	 * queue_rq returns.
	 */
	QueueStatus give_back(const StoppedQueue &stopped) KXX_CALLABLE_WHEN("unconsumed")
		KXX_SET_TYPESTATE(consumed)
	{
		static_cast<void>(stopped);
		if (!rq_) {
			used_after_end("give_back");
			return QueueStatus::ok();
		}
		return QueueStatus(KXX_BLK_STS_RESOURCE, leave());
	}

	/** share - Gives up the sole ownership; more references can be made from the ARef */
	ARef<Request<Driver>> share() KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		static_assert(detail::shares_requests<Driver>,
			      "a driver that shares requests says so: "
			      "static constexpr bool shares_requests = true;");
		if (!rq_) {
			used_after_end("share");
			bug();
		}
		detail::users_of<Driver>(rq_).share();
		return ARef<Request<Driver>>::from_raw(std::exchange(rq_, nullptr));
	}

	Request<Driver> *operator->() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: see Request::raw(). The driver owns the request as long as rq_ is set.
		return reinterpret_cast<Request<Driver> *>(rq_);
	}
	Request<Driver> &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: the same as for operator->().
		return *reinterpret_cast<Request<Driver> *>(rq_);
	}
	/* Callable on a const reference, whose state clang never knows; cannot end the request. */
	Request<Driver> *operator->() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: see Request::raw(). The driver owns the request as long as rq_ is set.
		return reinterpret_cast<Request<Driver> *>(rq_);
	}
	Request<Driver> &operator*() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: the same as for operator->().
		return *reinterpret_cast<Request<Driver> *>(rq_);
	}

	/** into_raw - Releases the request to the caller, who must pass it to from_raw() later */
	[[nodiscard("nobody else ends the request")]] Raw into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(rq_, nullptr);
	}

	/** from_raw - Takes over @rq, which the driver must own, and which no other Owned has */
	static Owned from_raw(Raw rq)
	{
		/* Tells GCC that this Owned is not empty, so that it drops the checks of rq_. */
		if (!rq)
			__builtin_unreachable();
		return Owned(rq);
	}

private:
	template <typename D> friend class RequestList;
	template <typename D>
	friend blk_status_t detail::queue_rq(const struct blk_mq_queue_data *bd);
	template <typename D>
	friend void detail::end_in_batch(Owned<Request<D>> &&rq, BlkStatus status,
					 struct io_comp_batch *batch);

	explicit Owned(Raw rq) : rq_(rq) {}

	/* Called when the block layer passes @rq to the driver. */
	static Owned enter(Raw rq)
	{
		if constexpr (detail::shares_requests<Driver>)
			detail::users_of<Driver>(rq).begin();
		return from_raw(rq);
	}

	/* Called when the driver passes the request to the block layer. */
	Raw leave()
	{
		if constexpr (detail::shares_requests<Driver>)
			detail::users_of<Driver>(rq_).end();
		return std::exchange(rq_, nullptr);
	}

	static void used_after_end(const char *method)
	{
		misused(method, "after the request had ended");
	}
	[[gnu::noinline]] static __cold void misused(const char *method, const char *how)
	{
		kxx_warn("kxx: BUG: Owned<Request>::%s() %s\n", method, how);
	}

	static constexpr unsigned int sector_size = 1 << KXX_SECTOR_SHIFT;

	Raw rq_;
};

} // namespace kxx
