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
 * ARef<Request> - a reference to a request that several users share
 *
 * From Owned<Request>::share(), another ARef, a tag (Hctx::tag_to_rq()) or a
 * timeout handler. For drivers that say so:
 *
 *     static constexpr bool shares_requests = true;
 *
 * As long as one exists, the request is the driver's: it does not end, and is not
 * used again. It ends when the last goes, with the status that the first end()
 * gave; with BLK_STS_IOERR, and a line in the log, if there was none. Move-only; what
 * several of them change at once in the Pdu must be made for that.
 *
 * Context: any except NMI; the last one ends the request in its destructor.
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

	/** share - one more user of the same request */
	ARef share() KXX_CALLABLE_WHEN("unconsumed") { return one_more(); }
	/* As Owned's operator->(): through a const reference clang knows no state. */
	ARef share() const KXX_CALLABLE_WHEN("unconsumed", "unknown") { return one_more(); }

	/**
	 * end - lets go of the request, which is to end with @status
	 *
	 * False if another user has said so before: then its status stands.
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
	 * try_unshare - the request as its only owner's, if there is no other user
	 *
	 * Nothing otherwise, or if one that is gone has given a status; and this is
	 * as before.
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

	/** bool - whether this still has the request, after try_unshare() */
	explicit operator bool() const KXX_TEST_TYPESTATE(unconsumed) { return rq_; }

	const Request<Driver> *operator->() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: see Request::raw(); the request is the driver's while rq_ is set.
		return reinterpret_cast<const Request<Driver> *>(rq_);
	}
	const Request<Driver> &operator*() KXX_LIFETIMEBOUND KXX_CALLABLE_WHEN("unconsumed")
	{
		// SAFETY: as above.
		return *reinterpret_cast<const Request<Driver> *>(rq_);
	}
	const Request<Driver> *operator->() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: as above.
		return reinterpret_cast<const Request<Driver> *>(rq_);
	}
	const Request<Driver> &operator*() const KXX_LIFETIMEBOUND
		KXX_CALLABLE_WHEN("unconsumed", "unknown")
	{
		// SAFETY: as above.
		return *reinterpret_cast<const Request<Driver> *>(rq_);
	}

	/** into_raw - gives this user up to a holder; from_raw() must take it back */
	[[nodiscard("nobody else ends the request")]] Raw into_raw() && KXX_SET_TYPESTATE(consumed)
	{
		return std::exchange(rq_, nullptr);
	}
	/** from_raw - takes back what into_raw() gave, never NULL */
	static ARef from_raw(Raw rq) { return ARef(rq); }

private:
	friend Hctx<Driver>;
	template <typename D> friend class TagSet;

	explicit ARef(Raw rq) : rq_(rq) {}

	/* One more user of a request that may be anybody's, as long as its memory is there. */
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
