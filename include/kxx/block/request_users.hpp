/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_users.hpp - the count of users of a request, for drivers that share requests
 * Part of blk-mq.hpp. Checked as a model: models/request_users.pml
 *
 * blk-mq keeps a request alive between queue_rq and its end; it does not say who
 * of several may end it, nor that all others are done with it by then. A driver
 * that never has two at one request needs neither, and has no such count. For
 * one that has (a timer, a timeout handler, an interrupt that finds a request by
 * its tag), this is a count beside its Pdu:
 *
 *   0      the block layer has the request
 *   1      an Owned<Request> has it, or what that was given to
 *   1 + n  n ARef<Request> have it
 *
 * The request ends when the last ARef goes, with the status that the first of
 * them decided on. So nobody ends it under another, and it ends once.
 */
#pragma once

#include <kxx/sync/atomic.hpp>

namespace kxx::detail {

class RequestUsers {
public:
	/* In queue_rq: the driver owns the request, and nobody else knows of it. */
	void begin()
	{
		verdict_.set(0);
		users_.set(1);
	}

	/*
	 * The owner hands it back. Release: who finds 0 here, or later a new count,
	 * sees no write of the owner's to come. Pairs with the acquire in try_get().
	 */
	void end() { users_.set_release(0); }

	/* The owner becomes an ARef. Release: what it wrote is there for try_get(). */
	void share() { users_.set_release(2); }

	/* Adds an ARef; the caller has one. */
	void get() { users_.inc(); }

	/*
	 * An ARef, by who knows no more than the request's address: only if there is
	 * one already. Acquire: pairs with share(), and with the put() before it.
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
	 * An ARef goes; true if it was the last, which now owns the request. Fully
	 * ordered: what all did with the request happens before it ends.
	 */
	bool put() { return users_.dec_return() == 1; }

	/*
	 * The only ARef becomes the owner again; not if one that let go has decided,
	 * since then it is the last ARef's to end. Fully ordered, as put().
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

	/* Called with an ARef. True if no other user has set a status before. */
	bool decide(unsigned char status)
	{
		int undecided = 0;

		return verdict_.try_cmpxchg(undecided, 1 + status);
	}
	/* Called by the user whose put() dropped the last ARef. */
	bool is_decided() const { return verdict_.read(); }
	unsigned char status() const { return static_cast<unsigned char>(verdict_.read() - 1); }

	bool has_owner() const { return users_.read(); }

private:
	Atomic users_{ 0 };
	/* 0, or 1 and the blk_status_t. */
	Atomic verdict_{ 0 };
};

} // namespace kxx::detail
