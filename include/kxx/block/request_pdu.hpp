/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_pdu.hpp - the layout of a request's PDU: the driver's Pdu and kxx's own data
 * Part of blk-mq.hpp; drivers do not use it directly.
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

/* True if the driver declares shares_requests: several users can share a request. */
template <typename Driver> inline constexpr bool shares_requests = false;
template <typename Driver>
	requires requires { Driver::shares_requests; }
inline constexpr bool shares_requests<Driver> = Driver::shares_requests;

/* True if Driver::complete() takes a RequestBatch instead of an Owned. */
template <typename Driver> inline constexpr bool completes_batches = false;
template <typename Driver>
	requires requires(const Driver &driver, void (Driver::*complete)(RequestBatch<Driver>)
							const) { complete = &Driver::complete; }
inline constexpr bool completes_batches<Driver> = true;

/* Empty substitutes for members of Command that a driver does not need */
struct NoUsers {};
struct NotAbandoned {};
struct NoPdu {};

/* True between Owned::abandon() and the timeout of the request, when no code owns it. */
class Abandoned {
public:
	/* Release order, paired with take(): the new owner sees all writes of the old one. */
	void set() { abandoned_.set_release(1); }
	/* Returns true to only one caller, who becomes the owner of the request. */
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
/* The complete PDU; its size is the cmd_size of the tag set. */
template <typename Driver> struct Command {
	[[no_unique_address]] std::conditional_t<shares_requests<Driver>, RequestUsers, NoUsers>
		users;
	[[no_unique_address]] std::conditional_t<has_timed_out<Driver>, Abandoned, NotAbandoned>
		abandoned;
	[[no_unique_address]] typename PduOf<Driver>::type pdu;
};

/* Returns the user count of @rq; only for a driver that shares requests. */
template <typename Driver> RequestUsers &users_of(struct request *rq)
{
	// SAFETY: TagSet<Driver> passed sizeof(Command) to blk-mq as cmd_size, and its
	// init_request() constructed a Command there.
	return static_cast<Command<Driver> *>(kxx_blk_mq_rq_to_pdu(rq))->users;
}

/* Returns the abandoned flag of @rq; only for a driver with timed_out(). */
template <typename Driver> Abandoned &abandoned_of(struct request *rq)
{
	// SAFETY: the same as for users_of().
	return static_cast<Command<Driver> *>(kxx_blk_mq_rq_to_pdu(rq))->abandoned;
}

/* Driver::HctxData, or void if the driver has none: the type of hctx->driver_data */
template <typename Driver> struct HctxDataOf {
	using type = void;
};
template <typename Driver>
	requires requires { typename Driver::HctxData; }
struct HctxDataOf<Driver> {
	using type = typename Driver::HctxData;
};

} // namespace kxx::detail
