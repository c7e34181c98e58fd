/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_users.hpp - the user count of a request, for drivers that share requests
 * Part of blk-mq.hpp. Verified as a model: models/request_users.pml
 *
 * blk-mq keeps a request alive between queue_rq and the end of the request. It does not say which
 * of several users may end the request, nor does it wait until the others no longer use it. A
 * driver that has only one user per request needs no count. This count, in the PDU, is for drivers
 * with several, such as a timer, a timeout handler and an interrupt that finds a request by its
 * tag:
 *
 *   0      the block layer has the request
 *   1      an Owned<Request> has it, or the code to which the Owned released it
 *   1 + n  n ARef<Request> have it
 *
 * The request ends when the last ARef is dropped, with the status that the first user set. So no
 * user ends a request that another one still uses, and a request ends only once.
 */
#pragma once

#include <kxx/sync/atomic.hpp>

namespace kxx::detail {

class RequestUsers {
public:
	/* In queue_rq: the driver owns the request, and no other user can find it yet. */
	void begin()
	{
		verdict_.set(0);
		users_.set(1);
	}

	/*
	 * The owner returns the request to the block layer. Needs no order: blk-mq frees the tag
	 * with release semantics, so begin() of the next owner comes after this 0.
	 */
	void end() { users_.set(0); }

	/* The owner becomes an ARef. Release order: try_get() then sees the owner's writes. */
	void share() { users_.set_release(2); }

	/* Adds an ARef; the caller must have one. */
	void get() { users_.inc(); }

	/*
	 * Adds an ARef for a caller that knows only the request's address; fails if there is no
	 * ARef. Acquire order, paired with share() and with the put() before share().
	 */
	bool try_get()
	{
		int users = users_.read();

		while (users >= 2)
			if (users_.try_cmpxchg_acquire(users, users + 1))
				return true;
		return false;
	}

	/*
	 * Drops an ARef; returns true to the last user, who then owns the request. Fully ordered:
	 * all accesses of all users happen before the request ends.
	 */
	bool put() { return users_.dec_return() == 1; }

	/*
	 * Turns the only ARef into an owner. Fails if a former user has set a status, since the
	 * request must end with it when the last ARef is dropped. Fully ordered, as put() is.
	 */
	bool try_unshare()
	{
		int users = 2;

		if (!users_.try_cmpxchg(users, 1))
			return false;
		if (!is_decided())
			return true;
		share();
		return false;
	}

	/* Sets the status; the caller must have an ARef. False if a status is set already. */
	bool decide(unsigned char status)
	{
		int undecided = 0;

		return verdict_.try_cmpxchg(undecided, 1 + status);
	}
	/* Only for the last user: no other user can set a status any more. */
	bool is_decided() const { return verdict_.read(); }
	unsigned char status() const { return static_cast<unsigned char>(verdict_.read() - 1); }

	bool has_owner() const { return users_.read(); }

private:
	Atomic users_{ 0 };
	/* 0, or the blk_status_t plus 1 */
	Atomic verdict_{ 0 };
};

} // namespace kxx::detail
