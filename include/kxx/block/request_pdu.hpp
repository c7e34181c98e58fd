/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_pdu.hpp - the data of a driver that blk-mq keeps beside each request (the PDU)
 * Part of blk-mq.hpp. Drivers do not use it themselves.
 */
#pragma once

#include <type_traits>

#include <kxx/sync/atomic.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/has_member.hpp>
#include <kxx/block/request_users.hpp>

namespace kxx {

template <typename Driver> class RequestBatch;

} // namespace kxx

namespace kxx::detail {

KXX_HAS_MEMBER(has_complete, complete);
KXX_HAS_MEMBER(has_timed_out, timed_out);
KXX_HAS_MEMBER(has_take_back, take_back);

/* True if several users can share a request of @Driver. */
template <typename Driver> inline constexpr bool shares_requests = false;
template <typename Driver>
	requires requires { Driver::shares_requests; }
inline constexpr bool shares_requests<Driver> = Driver::shares_requests;

/* True if Driver::complete() takes a RequestBatch, not an Owned. */
template <typename Driver> inline constexpr bool completes_batches = false;
template <typename Driver>
	requires requires(const Driver &driver, void (Driver::*complete)(RequestBatch<Driver>)
							const) { complete = &Driver::complete; }
inline constexpr bool completes_batches<Driver> = true;

/* Members of Command that a driver does not need. */
struct NoUsers {};
struct NotAbandoned {};
struct NoPdu {};

/* Set while a request that nobody works on waits for its timeout. */
class Abandoned {
public:
	/* Release, paired with take(): take() sees what the owner wrote to the request. */
	void set() { abandoned_.set_release(1); }
	/* Returns true to one caller, which then owns the request. */
	bool take()
	{
		int abandoned = 1;

		return abandoned_.try_cmpxchg_acquire(abandoned, 0);
	}

private:
	Atomic abandoned_{ 0 };
};

template <typename Driver> struct PduOf {
	using type = NoPdu;
};
template <typename Driver>
	requires requires { typename Driver::Pdu; }
struct PduOf<Driver> {
	using type = typename Driver::Pdu;
};
/* The PDU: cmd_size of the tag set. */
template <typename Driver> struct Command {
	[[no_unique_address]] std::conditional_t<shares_requests<Driver>, RequestUsers, NoUsers>
		users;
	[[no_unique_address]] std::conditional_t<has_timed_out<Driver>, Abandoned, NotAbandoned>
		abandoned;
	[[no_unique_address]] typename PduOf<Driver>::type pdu;
};

/* The count of users of @rq; for a Driver that shares requests. */
template <typename Driver> RequestUsers &users_of(struct request *rq)
{
	// SAFETY: TagSet<Driver> gave blk-mq sizeof(Command) as cmd_size, and built a
	// Command there in init_request.
	return static_cast<Command<Driver> *>(kxx_blk_mq_rq_to_pdu(rq))->users;
}

/* The flag of @rq; for a Driver with timed_out(). */
template <typename Driver> Abandoned &abandoned_of(struct request *rq)
{
	// SAFETY: as users_of().
	return static_cast<Command<Driver> *>(kxx_blk_mq_rq_to_pdu(rq))->abandoned;
}

/* Driver::HctxData, the type of hctx->driver_data; void if the driver has none. */
template <typename Driver> struct HctxDataOf {
	using type = void;
};
template <typename Driver>
	requires requires { typename Driver::HctxData; }
struct HctxDataOf<Driver> {
	using type = typename Driver::HctxData;
};

} // namespace kxx::detail
