/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_users.pml - include/kxx/block/request_users.hpp as a model, for spin
 *
 * A driver shares a request: with its timer, with an interrupt that finds it by its
 * tag, and with the timeout handler. Each cancels the timer, gives its verdict and
 * lets go, in any order. Meanwhile the disk is taken down, which waits until the
 * block layer has the request. What must hold, in every order there is:
 *
 *   - the request ends exactly once, with the verdict that came first
 *   - it does not end while anybody still has it
 *   - the takedown does not wait for ever
 *
 * scripts/tests/model runs it, and each time again with a step left out (-DWITHOUT_...),
 * which must be found. What is quoted here after "From" is the code that a step stands for;
 * the test compares it with the file, and every function of RequestUsers must be quoted.
 */
#define OWNED 1

int users = 0;		/* as in the header */
int verdict = 0;
int ended = 0;		/* how often the block layer got the request back */
int ended_with = 0;
int first = 0;		/* the verdict that came first, whatever the code makes of it */
int holders = 0;	/* ARefs and Owneds there are in truth */
bool armed = false;	/* the timer is, and owns an ARef */
bool started = false;
bool down = false;

/*
 * Owned::end(): the block layer may use the request again from here on.
 *
 * From include/kxx/block/request_users.hpp:
 *	void end() { users_.set_release(0); }
 *
 * From include/kxx/block/request.hpp:
 *	Raw leave()
 *	{
 *		if constexpr (detail::shares_requests<Driver>)
 *			detail::users_of<Driver>(rq_).end();
 *		return std::exchange(rq_, nullptr);
 *	}
 */
inline end_request(status)
{
	assert(holders == 1);
	holders--;
	users = 0;
	ended_with = status;
	ended++;
}

/*
 * One ARef goes, and looks at the request no more; unless it is the last, which ends it.
 *
 * From include/kxx/block/request_users.hpp:
 *	bool put() { return users_.dec_return() == 1; }
 *	bool is_decided() const { return verdict_.read(); }
 *	unsigned char status() const { return static_cast<unsigned char>(verdict_.read() - 1); }
 *
 * From include/kxx/block/shared_request.hpp:
 *	void put()
 *	{
 *		detail::RequestUsers &users = this->users();
 *		if (!users.put())
 *			return;
 *		if (users.is_decided()) [[likely]]
 *			Owned<Request<Driver>>::from_raw(rq_).end(
 *				static_cast<BlkStatus>(users.status()));
 *		else [[maybe_unused]]
 *			auto dropped = Owned<Request<Driver>>::from_raw(rq_);
 *	}
 */
inline put()
{
#ifdef WITHOUT_ATOMIC_PUT
	left = users - 1;
	atomic {
		users = left;
#else
	atomic {
		users--;
		left = users;
#endif
		if
		:: left != OWNED -> holders--
		:: else
		fi
	};
	if
	:: left == OWNED -> end_request(verdict)
	:: else
	fi
}

/*
 * ARef::end().
 *
 * From include/kxx/block/request_users.hpp:
 *	bool decide(unsigned char status)
 *	{
 *		int undecided = 0;
 *		return verdict_.try_cmpxchg(undecided, 1 + status);
 *	}
 *
 * From include/kxx/block/shared_request.hpp:
 *	bool decided = users().decide(static_cast<blk_status_t>(status));
 *	put();
 *	rq_ = nullptr;
 *	return decided;
 */
inline end_shared(status)
{
	atomic {
		if
		:: first == 0 -> first = status
		:: else
		fi;
#ifdef WITHOUT_FIRST_VERDICT
		verdict = status
#else
		if
		:: verdict == 0 -> verdict = status
		:: else
		fi
#endif
	};
	put()
}

/*
 * HrTimer::cancel(): either this or the timer's handler gets the request, never both.
 *
 * From include/kxx/sync/hrtimer.hpp:
 *	[[nodiscard]] std::optional<Owner> cancel()
 *	{
 *		if (::hrtimer_try_to_cancel(timer_.get()) <= 0)
 *			return std::nullopt;
 *		return Owner::from_raw(std::exchange(raw_, nullptr));
 *	}
 */
inline cancel(got)
{
#ifdef WITHOUT_ATOMIC_CANCEL
	got = armed;
	armed = false
#else
	atomic { got = armed; armed = false }
#endif
}

/*
 * RequestUsers::try_get(), by who knows no more than the address; tagset_busy_iter() and a timeout
 * ask has_owner() where there is nothing to get.
 *
 * From include/kxx/block/request_users.hpp:
 *	bool try_get()
 *	{
 *		int users = users_.read();
 *		while (users >= 2)
 *			if (users_.try_cmpxchg_acquire(users, users + 1))
 *				return true;
 *		return false;
 *	}
 *	bool has_owner() const { return users_.read(); }
 */
inline try_get(got)
{
	atomic {
#ifdef WITHOUT_SHARED_CHECK
		got = users >= OWNED;
#else
		got = users > OWNED;
#endif
		if
		:: got -> users++; holders++
		:: else
		fi
	}
}

/*
 * ARef::try_unshare().
 *
 * From include/kxx/block/request_users.hpp:
 *	bool try_unshare()
 *	{
 *		int users = 2;
 *		if (!users_.try_cmpxchg(users, 1))
 *			return false;
 *		if (!is_decided())
 *			return true;
 *		share();
 *		return false;
 *	}
 */
inline try_unshare(got)
{
	atomic {
		got = (users == OWNED + 1);
		if
		:: got -> users = OWNED
		:: else
		fi
	};
#ifndef WITHOUT_VERDICT_CHECK
	/* Who let go before may have decided already: then it is the last ARef's to end. */
	if
	:: got && verdict != 0 -> users = OWNED + 1; got = false
	:: else
	fi
#endif
}

/*
 * queue_rq: owned, shared, one ARef for the timer, and the driver's own goes.
 *
 * From include/kxx/block/request_users.hpp:
 *	void begin()
 *	{
 *		verdict_.set(0);
 *		users_.set(1);
 *	}
 *	void share() { users_.set_release(2); }
 *	void get() { users_.inc(); }
 */
active proctype driver()
{
	int left;

	users = OWNED;
	holders = 1;
	/* Here tag_to_rq() must find nothing: there is an owner. */
	users = OWNED + 1;
	atomic { users++; holders++ };
	armed = true;
	started = true;
	put()
}

active proctype timer()
{
	bool mine;
	int left;

	/* It expires, unless cancelled. */
	started;
	cancel(mine);
	if
	:: mine -> end_shared(2)
	:: else
	fi
}

/* The interrupt, which has a tag and perhaps no request; and the timeout handler. */
active [2] proctype finder()
{
	bool found, cancelled;
	bool alone;
	int left;

	try_get(found);
	if
	:: !found -> goto out
	:: else
	fi;
	/* It is the driver's as long as this has it, and others may have it. */
	assert(ended == 0 && users > OWNED);
	cancel(cancelled);
	if
	:: cancelled -> end_shared(3)
	:: else
	fi;
	/* Either one verdict more, or the whole request, if nobody else has it. */
	if
	:: end_shared(4)
	:: try_unshare(alone);
	   if
	   :: alone ->
		if
		:: first == 0 -> first = 5
		:: else
		fi;
		end_request(5)
	   :: else -> end_shared(6)
	   fi
	fi;
out:
	skip
}

/* del_gendisk() waits until every request has ended. */
active proctype takedown()
{
	started;
	ended == 1;
	assert(users == 0 && holders == 0 && !armed);
	assert(ended_with == first && first != 0);
	down = true
}

ltl ends { <> down }
