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
 * which must be found.
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

/* Owned::end(): the block layer may use the request again from here on. */
inline end_request(status)
{
	assert(holders == 1);
	holders--;
	users = 0;
	ended_with = status;
	ended++;
}

/* One ARef goes, and looks at the request no more; unless it is the last, which ends it. */
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

/* ARef::end(). */
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

/* HrTimer::cancel(): what the timer owns goes to one side. */
inline cancel(got)
{
#ifdef WITHOUT_ATOMIC_CANCEL
	got = armed;
	armed = false
#else
	atomic { got = armed; armed = false }
#endif
}

/* RequestUsers::try_get(), by who knows no more than the address. */
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

/* ARef::try_unshare(). */
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

/* queue_rq: owned, shared, one ARef for the timer, and the driver's own goes. */
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

/* del_gendisk() waits for what is not the block layer's. */
active proctype takedown()
{
	started;
	ended == 1;
	assert(users == 0 && holders == 0 && !armed);
	assert(ended_with == first && first != 0);
	down = true
}

ltl ends { <> down }
