/* SPDX-License-Identifier: GPL-2.0 */
/*
 * shared_request.hpp - requests with several users
 * Part of blk-mq.hpp.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/ownership.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/block/request.hpp>
#include <kxx/block/request_users.hpp>

namespace kxx {

/**
 * ARef<Request> - A reference to a request that several users share
 *
 * Comes from Owned<Request>::share(), from another ARef, from Hctx::tag_to_rq() or as the
 * argument of a timeout handler. Only for a driver that declares:
 *
 *     static constexpr bool shares_requests = true;
 *
 * The request does not end, and its tag is not reused, while an ARef exists. It ends when the
 * last ARef is dropped, with the status of the first end(); without any end(), with
 * BLK_STS_IOERR and a message in the log. Cannot be copied, only moved. If several users change
 * the Pdu concurrently, the Pdu must have its own locking.
 *
 * Context: any except NMI. The destructor of the last ARef ends the request.
 *
 *     auto shared = rq.share();
 *     auto &timer = shared->pdu().timer;
 *     timer.start(shared.share(), 10'000);    // one for the timer
 *     device.submit(std::move(shared));       // one for the device
 */
template <typename Driver> class [[nodiscard]] KXX_CONSUMABLE(unconsumed) ARef<Request<Driver>> {
	static_assert(detail::shares_requests<Driver>,
		      "a driver that shares requests says so: "
		      "static constexpr bool shares_requests = true;");

public:
	using Raw = struct request *;

	ARef(ARef &&other) : rq_(std::exchange(other.rq_, nullptr)) {}
	ARef &operator=(ARef &&) = delete;
	ARef(const ARef &) = delete;
	ARef &operator=(const ARef &) = delete;
	~ARef()
	{
		if (rq_)
			put();
	}

	/** share - Makes another reference to the same request */
	ARef share() KXX_CALLABLE_WHEN("unconsumed") { return one_more(); }
	/* Callable on a const reference, whose state clang never knows; see Owned::operator->(). */
	ARef share() const KXX_CALLABLE_WHEN("unconsumed", "unknown") { return one_more(); }

	/**
	 * end - Drops this reference; the request will end with @status
	 *
	 * Returns false if another user called end() first: then the request ends with its status.
	 */
	bool end(BlkStatus status) KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(consumed)
	{
		if (!rq_) [[unlikely]] {
			used_after_end("end");
			return false;
		}

		bool decided = users().decide(static_cast<blk_status_t>(status));

		put();
		rq_ = nullptr;
		return decided;
	}

	/**
	 * try_unshare - Turns the only reference into an Owned
	 *
	 * Returns nothing, and leaves this reference as it is, if another reference exists, or if a
	 * former user called end(), since the request must end with that status.
	 */
	[[nodiscard]] std::optional<Owned<Request<Driver>>> try_unshare()
		KXX_CALLABLE_WHEN("unconsumed") KXX_SET_TYPESTATE(unknown)
	{
		if (!rq_) [[unlikely]] {
			used_after_end("try_unshare");
			return std::nullopt;
		}
		if (!users().try_unshare())
			return std::nullopt;
		return Owned<Request<Driver>>::from_raw(std::exchange(rq_, nullptr));
	}

	/** bool - Returns true if this still has the request, after try_unshare() */
	explicit operator bool() const KXX_TEST_TYPESTATE(unconsumed) { return rq_; }

	const Request<Driver> *operator->() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: see Request::raw(). The driver has the request as long as rq_ is set.
		return reinterpret_cast<const Request<Driver> *>(rq_);
	}
	const Request<Driver> &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: the same as for operator->().
		return *reinterpret_cast<const Request<Driver> *>(rq_);
	}
	const Request<Driver> *operator->() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: see Request::raw(). The driver has the request as long as rq_ is set.
		return reinterpret_cast<const Request<Driver> *>(rq_);
	}
	const Request<Driver> &operator*() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: the same as for operator->().
		return *reinterpret_cast<const Request<Driver> *>(rq_);
	}

	/** into_raw - Releases the reference to the caller, who must pass it to from_raw() */
	[[nodiscard("nobody else ends the request")]] Raw into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(rq_, nullptr);
	}
	/** from_raw - Takes over the reference that into_raw() returned; never NULL */
	static ARef from_raw(Raw rq) { return ARef(rq); }

private:
	friend Hctx<Driver>;
	template <typename D> friend class TagSet;

	explicit ARef(Raw rq) : rq_(rq) {}

	/*
	 * Takes a reference only if the request is shared at this time. The caller must make sure
	 * that the memory of @rq is not freed during the call.
	 */
	static std::optional<ARef> try_get(Raw rq)
	{
		if (!detail::users_of<Driver>(rq).try_get())
			return std::nullopt;
		return ARef(rq);
	}

	[[gnu::noinline]] static __cold void used_after_end(const char *method)
	{
		kxx_warn("kxx: BUG: ARef<Request>::%s() of one that is gone\n", method);
	}

	detail::RequestUsers &users() const { return detail::users_of<Driver>(rq_); }

	ARef one_more() const
	{
		if (!rq_) [[unlikely]] {
			used_after_end("share");
			bug();
		}
		users().get();
		return ARef(KXX_ANOTHER(rq_));
	}

	void put()
	{
		detail::RequestUsers &users = this->users();

		if (!users.put())
			return;
		if (users.is_decided()) [[likely]]
			Owned<Request<Driver>>::from_raw(rq_).end(
				static_cast<BlkStatus>(users.status()));
		else [[maybe_unused]]
			auto dropped = Owned<Request<Driver>>::from_raw(rq_);
	}

	Raw rq_;
};

} // namespace kxx
