/* SPDX-License-Identifier: GPL-2.0 */
/*
 * timeouts.pml - who ends a polled or a timed request, as a model, for spin
 *
 * A request that is done waits in the list of its polled queue, or for its timer. It ends by a poll,
 * by the timer, or by the block layer's timeout, which may come at any time, also before the request
 * waits. A reader may go away without a poll, and a timer may be due in an hour. Meanwhile the queue
 * is frozen, which waits for the request, and its hardware queue is freed. What must hold, in every
 * order there is:
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

mtype place = DRIVER;	/* who has the request */
bool polled;
byte ended = 0;		/* how often the block layer got it back */

inline end_request()
{
	ended++;
	assert(ended == 1);
}

/*
 * Disk::finish(), at the end of queue_rq.
 *
 * A timer has the first request of a batch, which stands for all. From src/cxxnull/disk.cc:
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
 * Takes it from where it waits, in one step: under the list's lock, or by hrtimer_try_to_cancel().
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
 * Disk::poll(), and the timer's function: either may never come.
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
/* blk_mq_timeout_work(), which comes again until the request has ended. */
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

/* blk_mq_freeze_queue_wait(), then the hardware queue is freed. */
active proctype freezes()
{
	(ended > 0);
	assert(place != LIST && place != TIMER)
}
