/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_pdu.hpp - what blk-mq keeps for a driver beside each request and hardware queue
 * Part of blk-mq.hpp, and of no interest to a driver.
 */
#pragma once

#include <type_traits>

#include <kxx/sync/atomic.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/base/has_member.hpp>
#include <kxx/block/request_users.hpp>

namespace kxx::detail {

KXX_HAS_MEMBER(has_complete, complete);
KXX_HAS_MEMBER(has_timed_out, timed_out);
KXX_HAS_MEMBER(has_take_back, take_back);

/* Whether more than one may have a request of that driver's at a time. */
template <typename Driver> inline constexpr bool shares_requests = false;
template <typename Driver>
	requires requires { Driver::shares_requests; }
inline constexpr bool shares_requests<Driver> = Driver::shares_requests;

/* What blk-mq keeps beside each request. */
struct NoUsers {};
struct NotAbandoned {};
struct NoPdu {};

/* Whether a request waits for its timeout: then it is the timeout handler's. */
class Abandoned {
public:
	/* Release: pairs with take(), for what the owner did with the request. */
	void set() { abandoned_.set_release(1); }
	/* True for one caller. */
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
template <typename Driver> struct Command {
	[[no_unique_address]] std::conditional_t<shares_requests<Driver>, RequestUsers, NoUsers>
		users;
	[[no_unique_address]] std::conditional_t<has_timed_out<Driver>, Abandoned, NotAbandoned>
		abandoned;
	[[no_unique_address]] typename PduOf<Driver>::type pdu;
};

/* The users of a request of a driver that shares them. */
template <typename Driver> RequestUsers &users_of(struct request *rq)
{
	// SAFETY: TagSet<Driver> gave blk-mq sizeof(Command) as cmd_size, and built a
	// Command there in init_request.
	return static_cast<Command<Driver> *>(kxx_blk_mq_rq_to_pdu(rq))->users;
}

/* True if the request is abandoned until its timeout; for a Driver with timed_out(). */
template <typename Driver> Abandoned &abandoned_of(struct request *rq)
{
	// SAFETY: as users_of().
	return static_cast<Command<Driver> *>(kxx_blk_mq_rq_to_pdu(rq))->abandoned;
}

/* What the driver keeps beside each hardware queue. */
template <typename Driver> struct HctxDataOf {
	using type = void;
};
template <typename Driver>
	requires requires { typename Driver::HctxData; }
struct HctxDataOf<Driver> {
	using type = typename Driver::HctxData;
};

} // namespace kxx::detail
