/* SPDX-License-Identifier: GPL-2.0 */
/*
 * timeouts.pml - model for spin: one of several ends a polled or a timed request
 *
 * A request that is done waits in the list of its polled queue, or for its timer. A poll, the timer
 * or the block layer's timeout ends the request. The timeout may come at any time, even before the
 * request waits. A poll may never come, because the reader has exited, and the timer may expire in an
 * hour. Meanwhile the queue is frozen, which waits for the request, and then its hardware queue is
 * freed. In every order of these steps:
 *
 *   - the request ends exactly once
 *   - it is in no list and has no armed timer when its hardware queue is freed
 *   - the freeze does not wait for ever
 *
 * From src/cxxnull/disk.cc:
 *	if (hctx.type() != HctxType::POLL)
 *		return rq.pdu().timer.cancel();
 *	auto polled = hctx.data().done.lock()->take(rq);
 */
mtype = { DRIVER, LIST, TIMER, TAKEN };

mtype place = DRIVER;	/* where the request is */
bool polled;
byte ended = 0;		/* number of times that the block layer got the request back */

inline end_request()
{
	ended++;
	assert(ended == 1);
}

/*
 * Disk::finish(), at the end of queue_rq.
 *
 * A timer owns a whole batch, whose first request stands for all. From src/cxxnull/disk.cc:
 *	hctx.data().done.lock()->push(std::move(rq));
 *	pdu.timer.start(std::move(batch), latency_ ? latency_->next() : completion_nsec_);
 */
active proctype queue_rq()
{
	if
	:: polled = true; place = LIST
	:: place = TIMER
	fi
}

/*
 * Takes the request from where it waits, in one step: with the list's lock held, or by
 * hrtimer_try_to_cancel().
 *
 * From src/cxxnull/poll_list.hpp:
 *	first_ = rq->pdu().link;
 */
inline take_from(where, mine)
{
#ifdef WITHOUT_LOCK
	mine = place == where;
	if
	:: mine -> place = TAKEN
	:: else
	fi
#else
	atomic {
		mine = place == where;
		if
		:: mine -> place = TAKEN
		:: else
		fi
	}
#endif
}

/*
 * Disk::poll(), and the handler of the timer. Either may never run.
 *
 * From src/cxxnull/disk.cc:
 *	batch.end(*std::move(rq), status);
 */
active proctype ends()
{
	bool mine;

	if
	:: (place == LIST || place == TIMER);
#ifdef WITHOUT_TAKING_OUT
		mine = true;
#else
		if
		:: polled -> take_from(LIST, mine)
		:: else -> take_from(TIMER, mine)
		fi;
#endif
		if
		:: mine -> end_request()
		:: else
		fi
	:: true
	fi
}

#ifndef WITHOUT_TIMEOUT
/* blk_mq_timeout_work(), which runs again and again until the request has ended. */
active proctype times_out()
{
	bool mine;

	do
	:: ended -> break
	:: else ->
accept_never:
#ifdef WITHOUT_OWNERSHIP
		mine = true;
#else
		if
		:: place == LIST -> take_from(LIST, mine)
#ifndef WITHOUT_CANCEL
		:: place == TIMER -> take_from(TIMER, mine)
#endif
		:: else -> mine = false
		fi;
#endif
		if
		:: mine -> end_request(); break
		:: else
		fi
	od
}
#endif

/* blk_mq_freeze_queue_wait(), after which the hardware queue is freed. */
active proctype freezes()
{
	(ended > 0);
	assert(place != LIST && place != TIMER)
}
