/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request.hpp - requests with one owner
 * Part of blk-mq.hpp, which says what a driver is. Those that several share are in
 * shared_request.hpp.
 */
#pragma once

#include <optional>
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

/** ReqOp - enum req_op; an operation that is not listed here is still possible */
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

/* In shared_request.hpp. */
template <typename Driver> class ARef<Request<Driver>>;

/**
 * Request - struct request, borrowed
 * @Driver: the driver that owns the request
 *
 * Never made, copied or owned as such: Owned<Request> lends it. There is no pointer
 * to it, which could be kept past the request's end without a word. A reference that
 * is used after end(), complete() or requeue() is refused by clang's analyzer where it
 * sees both in the same file (KXX_TAKES in glue/types.h). Context: any.
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
	/** pos - blk_rq_pos(): the first sector, of 512 bytes */
	sector_t pos() const { return kxx_blk_rq_pos(raw()); }
	/** bytes - blk_rq_bytes() */
	unsigned int bytes() const { return kxx_blk_rq_bytes(raw()); }

	/** is_fua - REQ_FUA: must not end before the data is on the medium */
	bool is_fua() const { return kxx_rq_cmd_flags(raw()) & KXX_REQ_FUA; }
	/** is_polled - REQ_POLLED: its submitter calls poll() until it has ended */
	bool is_polled() const { return kxx_rq_cmd_flags(raw()) & KXX_REQ_POLLED; }
	/** is_nowait - REQ_NOWAIT: must end with BlkStatus::AGAIN where it would have to wait */
	bool is_nowait() const { return kxx_rq_cmd_flags(raw()) & KXX_REQ_NOWAIT; }
	/** cmd_flags - all REQ_* flags and the operation; see <linux/blk_types.h> */
	unsigned int cmd_flags() const { return kxx_rq_cmd_flags(raw()); }

	/** pdu - blk_mq_rq_to_pdu(): the driver's own data of this request */
	auto &pdu() KXX_LIFETIMEBOUND { return command().pdu; }
	const auto &pdu() const KXX_LIFETIMEBOUND { return command().pdu; }

	/** disk - the disk of its queue, for trace events; NULL if the queue has none */
	struct gendisk *disk() const { return kxx_rq_disk(raw()); }
	/** tag - for Hctx::tag_to_rq(), as long as the driver has the request */
	unsigned int tag() const { return kxx_rq_tag(raw()); }
	/** hctx - the hardware queue that the request is in */
	Hctx<Driver> hctx() const { return Hctx<Driver>(kxx_rq_hctx(raw())); }

	/** queue - the queue of the request's disk; a BusyQueue can be stopped, but not frozen */
	BusyQueue queue() const { return BusyQueue(kxx_rq_queue(raw())); }

	/**
	 * should_fake_timeout - blk_should_fake_timeout(): true if the request must time out
	 *
	 * The driver then keeps the request instead of ending it. Set by fail_io_timeout in
	 * debugfs and io-timeout-fail of the disk, on a kernel with CONFIG_FAIL_IO_TIMEOUT.
	 */
	bool should_fake_timeout() const { return kxx_blk_should_fake_timeout(raw()); }

	/** set_pos - sets the sector that a zone append has written, for its submitter */
	void set_pos(sector_t sector) { kxx_rq_set_pos(raw(), sector); }

	/** queuedata - the driver's object of the disk */
	const Driver &queuedata() const
	{
		// SAFETY: GenDisk<Driver> made the queue with a Driver as
		// queuedata, which outlives every request.
		return *static_cast<const Driver *>(kxx_blk_mq_rq_queuedata(raw()));
	}

	/**
	 * for_each_segment - rq_for_each_segment(): calls @f(Segment &) in order
	 *
	 * @f returns a Result<void>; the first error ends the walk and is returned. It does
	 * not sleep, which clang checks: one that does is for for_each_segment_may_sleep().
	 */
	template <typename F> Result<void> for_each_segment(F &&f)
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
	 * for_each_segment_may_sleep - the same, with an @f that may sleep
	 *
	 * A name of its own, since what a callable may do is no part of its type.
	 */
	template <typename F> Result<void> for_each_segment_may_sleep(F &&f) KXX_MAY_SLEEP
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
	template <typename F> [[gnu::always_inline]] Result<void> for_each_bvec(F &&f)
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

	/** for_each_bvec_may_sleep - as for_each_segment_may_sleep(), with @f(const Bvec &) */
	template <typename F>
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
		// SAFETY: TagSet<Driver> gave blk-mq sizeof(Command) as cmd_size, and
		// built a Command there in init_request.
		return *static_cast<detail::Command<Driver> *>(kxx_blk_mq_rq_to_pdu(raw()));
	}

	struct request *raw() const
	{
		// SAFETY: no Request is ever built; a reference to one always
		// stands for the struct request at its address (Owned, below), which
		// C has no const for.
		return reinterpret_cast<struct request *>(const_cast<Request *>(this));
	}
};

namespace detail {

template <typename Driver> blk_status_t queue_rq(const struct blk_mq_queue_data *bd) KXX_MAY_SLEEP;

template <typename Driver>
void end_in_batch(Owned<Request<Driver>> &&rq, BlkStatus status, struct io_comp_batch *batch);

} // namespace detail

/**
 * Owned<Request> - a request that is the driver's to end
 *
 * What queue_rq and complete() receive. Unique: no count, no atomic. Move-only.
 * Every way out consumes it: end(), complete(), requeue(), give_back(), abandon(),
 * share(), or a timer that takes it. Dropped, it is ended with BLK_STS_IOERR and a line in the log, so
 * no request is ever lost. After a way out, every further way out warns and
 * does nothing; -> and * must not be used then, which clang refuses.
 *
 * Clang follows local variables. Out of a member, an element or an optional a request is
 * taken by take(command.rq); a helper that only looks at it is lent the Request, or takes
 * a const Owned &; one that may end it and may not takes it, and returns what is left.
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
	/** operator= - to one that has no request any more; another one's is dropped, as above */
	Owned &operator=(Owned &&other) KXX_CALLABLE_WHEN("consumed", "unknown")
	{
		Owned old(std::move(*this));

		rq_ = std::exchange(other.rq_, nullptr);
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

	/** end - blk_mq_end_request(); ends the request with @status */
	void end(BlkStatus status) KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (rq_) [[likely]]
			::blk_mq_end_request(leave(), static_cast<blk_status_t>(status));
		else
			used_after_end("end");
	}

	/**
	 * complete - blk_mq_complete_request(): Driver::complete() gets the request
	 *
	 * In softirq, on the CPU that submitted it, or before this returns:
	 * hold no lock that Driver::complete() takes.
	 */
	void complete() KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		static_assert(detail::has_complete<Driver>,
			      "a driver without complete() cannot complete a request: end() it");
		if (!rq_) [[unlikely]] {
			used_after_end("complete");
			return;
		}
		/* A batch of this request alone. */
		if constexpr (detail::completes_batches<Driver>)
			kxx_rq_set_next(rq_, nullptr);
		::blk_mq_complete_request(std::exchange(rq_, nullptr));
	}

	/**
	 * end_part - the first @bytes of the request are done, with @status
	 *
	 * blk_update_request(). The rest of the request, which begins behind them; or
	 * nothing if that was all: then it has ended, with @status.
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
		// SAFETY: a byte is left, so blk_update_request() does not end it.
		::blk_update_request(rq_, static_cast<blk_status_t>(status), bytes);
		return Owned(std::exchange(rq_, nullptr));
	}

	/**
	 * requeue - blk_mq_requeue_request(): queue_rq gets the request again, after start()
	 * @msecs: after how many milliseconds, at the least
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
	 * abandon - leaves the request until it times out; Driver::timed_out() gets it then
	 *
	 * Call it after start().
	 */
	void abandon() KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		static_assert(detail::has_timed_out<Driver>,
			      "a driver without timed_out() never gets back what it abandons");
		if (rq_) [[likely]]
			detail::abandoned_of<Driver>(std::exchange(rq_, nullptr)).set();
		else
			used_after_end("abandon");
	}

	/** give_back - to return from queue_rq: blk-mq keeps the request and sends it again */
	QueueStatus give_back(Retry why) KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (!rq_) {
			used_after_end("give_back");
			return QueueStatus::ok();
		}
		return QueueStatus(static_cast<blk_status_t>(why), leave());
	}

	/**
	 * give_back - returns it to blk-mq, which sends it again after @stopped is destroyed
	 *
	 * @stopped is of this request's queue. Returns BLK_STS_RESOURCE: blk-mq runs the queue
	 * again itself, which has no effect while it is stopped. BLK_STS_DEV_RESOURCE leaves that to
	 * the driver, which may have destroyed @stopped before queue_rq returns.
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

	/** share - gives up being the only one: more users can be had of the ARef */
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
		// SAFETY: see Request::raw(); the request is ours while rq_ is set.
		return reinterpret_cast<Request<Driver> *>(rq_);
	}
	Request<Driver> &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: as above.
		return *reinterpret_cast<Request<Driver> *>(rq_);
	}
	/* Through a const reference clang knows no state; but nothing can be ended through it. */
	Request<Driver> *operator->() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: as above.
		return reinterpret_cast<Request<Driver> *>(rq_);
	}
	Request<Driver> &operator*() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: as above.
		return *reinterpret_cast<Request<Driver> *>(rq_);
	}

	/** into_raw - gives the request up to a holder; from_raw() must take it back */
	[[nodiscard("nobody else ends the request")]] Raw into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(rq_, nullptr);
	}

	/** from_raw - takes @rq, which must be the driver's and no other Owned's */
	static Owned from_raw(Raw rq)
	{
		/* So that GCC sees which Owned cannot be empty, and drops the checks. */
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

	/* The request, which is the driver's from here on; leave() is the other end. */
	static Owned enter(Raw rq)
	{
		if constexpr (detail::shares_requests<Driver>)
			detail::users_of<Driver>(rq).begin();
		return from_raw(rq);
	}

	/* The request, which is the block layer's from here on. */
	Raw leave()
	{
		if constexpr (detail::shares_requests<Driver>)
			detail::users_of<Driver>(rq_).end();
		return std::exchange(rq_, nullptr);
	}

	[[gnu::noinline]] static __cold void used_after_end(const char *method)
	{
		kxx_warn("kxx: BUG: Owned<Request>::%s() after the request had ended\n", method);
	}

	Raw rq_;
};

} // namespace kxx
