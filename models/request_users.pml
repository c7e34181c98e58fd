/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_users.pml - model of include/kxx/block/request_users.hpp for spin
 *
 * A driver shares a request with its timer, with an interrupt that finds the request by its
 * tag, and with the timeout handler. Each of them cancels the timer, decides how the request
 * ends, and drops its ARef, in any order. Meanwhile the disk is removed, which waits until the
 * block layer has the request back. In every order of these steps:
 *
 *   - the request ends exactly once, with the status of the first decision
 *   - the request does not end while anybody still has an ARef
 *   - the removal of the disk does not wait for ever
 *
 * scripts/tests/model checks the model, and checks it again without each step that has a
 * -DWITHOUT_...: an error must be found then. Each comment quotes, after "From", the code that a
 * step models. The test compares the quotes with the file; it demands a quote of every function
 * of RequestUsers.
 */
#define OWNED 1

int users = 0;		/* as users_ in the header */
int verdict = 0;	/* as verdict_: 0, or the status decided on */
int ended = 0;		/* number of times that the block layer got the request back */
int ended_with = 0;	/* status with which the request ended */
int first = 0;		/* status of the first decision, to compare with ended_with */
int holders = 0;	/* real number of ARefs and Owneds, to compare with users */
bool armed = false;	/* true while the timer is armed and owns an ARef */
bool started = false;
bool down = false;

/*
 * Owned::end(): from here on the block layer may use the request again.
 *
 * From include/kxx/block/request_users.hpp:
 *	void end() { users_.set(0); }
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
 * ARef::put(): drops an ARef. Only the last ARef may access the request after that, and ends it.
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
 * ARef::end(): decides how the request ends, and drops the ARef.
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
 * HrTimer::cancel(): either the caller or the timer's handler gets the request, never both.
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
 * RequestUsers::try_get(): a caller that knows only the address gets an ARef of a shared request.
 * If it gets none, tagset_busy_iter() and the timeout handler call has_owner().
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
 * ARef::try_unshare(): the holder of the only ARef becomes the owner.
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
	/* Another user has decided before dropping its ARef: share again, so that put() ends it. */
	if
	:: got && verdict != 0 -> users = OWNED + 1; got = false
	:: else
	fi
#endif
}

/*
 * queue_rq: owns the request, shares it, gives an ARef to the timer, and drops its own.
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
	/* try_get() must fail here, because the request is owned and not shared yet. */
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

	/* Expires, unless it is cancelled. */
	started;
	cancel(mine);
	if
	:: mine -> end_shared(2)
	:: else
	fi
}

/* The interrupt, which has only a tag, and the timeout handler. Either may find no request. */
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
	/* The driver has the request as long as this process has an ARef; others may have one, too. */
	assert(ended == 0 && users > OWNED);
	cancel(cancelled);
	if
	:: cancelled -> end_shared(3)
	:: else
	fi;
	/* Decide, or become the owner if no other ARef exists. */
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
