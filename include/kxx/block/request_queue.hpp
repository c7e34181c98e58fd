/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_queue.hpp - freezing, quiescing and stopping the queue of a disk
 * Wraps the freeze, quiesce and stop of <linux/blk-mq.h>. Glue: glue/block/blk-mq.h
 *
 *                     queue_rq is called   requests may be begun   the driver may have some
 *   frozen            no: there are none   wait                    no
 *   quiesced          no                   wait for queue_rq       yes
 *   stopped           no, as a hint        wait for queue_rq       yes
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/glue/block/blk-mq.h>

namespace kxx {

/**
 * FrozenQueue - while this exists, the queue has no request and accepts none
 *
 * blk_mq_freeze_queue(), which waits for all requests to end, and
 * blk_mq_unfreeze_queue(). Pinned. Context: process, may sleep. Do no I/O to that disk
 * meanwhile, and allocate with GFP_NOIO: both would wait for this.
 *
 *     auto frozen = disk.queue().freeze();
 */
class [[nodiscard]] FrozenQueue {
public:
	explicit FrozenQueue(struct request_queue *queue) KXX_MAY_SLEEP : queue_(queue)
	{
		flags_ = kxx_blk_mq_freeze_queue(queue_);
	}
	FrozenQueue(const FrozenQueue &) = delete;
	FrozenQueue &operator=(const FrozenQueue &) = delete;
	~FrozenQueue() { kxx_blk_mq_unfreeze_queue(queue_, flags_); }

private:
	struct request_queue *queue_;
	unsigned int flags_;
};

/**
 * QuiescedQueue - while this exists, queue_rq does not run
 *
 * blk_mq_quiesce_queue(), which waits for those that run, and
 * blk_mq_unquiesce_queue(). Several nest. What the driver has it may go on with, and
 * end. Pinned. Context: process, may sleep.
 */
class [[nodiscard]] QuiescedQueue {
public:
	explicit QuiescedQueue(struct request_queue *queue) KXX_MAY_SLEEP : queue_(queue)
	{
		::blk_mq_quiesce_queue(queue_);
	}
	QuiescedQueue(const QuiescedQueue &) = delete;
	QuiescedQueue &operator=(const QuiescedQueue &) = delete;
	~QuiescedQueue() { ::blk_mq_unquiesce_queue(queue_); }

private:
	struct request_queue *queue_;
};

/**
 * StoppedQueue - while this exists, the driver takes no request
 *
 * blk_mq_stop_hw_queues(), and blk_mq_start_stopped_hw_queues() when this goes: the
 * promise to start the queue again, as an object. Owned<Request>::give_back()
 * takes it as proof that somebody will run the queue again. One at a time per
 * queue; the driver keeps it where whoever frees what was short finds it. Move-only.
 *
 * Keeps the queue's memory, so that it may go with the driver's object, after the disk.
 * But the disk does not go while a request was given back: start the queue for that.
 * Context: any except NMI; process, to go after the disk.
 *
 *     SpinLockIrq<std::optional<StoppedQueue>> stopped;   // a member of the driver
 *
 *     auto held = stopped.lock();                         // in queue_rq
 *     if (!*held)
 *             held->emplace(rq->queue().stop());
 *     return rq.give_back(**held);
 *
 *     stopped.lock()->reset();                            // what was short is back
 */
class [[nodiscard]] StoppedQueue {
public:
	explicit StoppedQueue(struct request_queue *queue) : queue_(queue)
	{
		kxx_blk_get_queue(queue_);
		::blk_mq_stop_hw_queues(queue_);
	}
	StoppedQueue(StoppedQueue &&other) : queue_(std::exchange(other.queue_, nullptr)) {}
	StoppedQueue &operator=(StoppedQueue &&) = delete;
	StoppedQueue(const StoppedQueue &) = delete;
	StoppedQueue &operator=(const StoppedQueue &) = delete;
	~StoppedQueue()
	{
		if (!queue_)
			return;
		kxx_blk_mq_start_stopped_hw_queues(queue_);
		::blk_put_queue(queue_);
	}

private:
	struct request_queue *queue_;
};

/**
 * BusyQueue - struct request_queue of a request that the caller owns, borrowed
 *
 * freeze() and quiesce() are the disk's (RequestQueue): with a request of the queue, or in
 * queue_rq, they would wait for their caller. Good as long as the request is.
 */
class BusyQueue {
public:
	explicit BusyQueue(struct request_queue *queue) : queue_(queue) {}

	/** stop - see StoppedQueue. Context: any except NMI */
	StoppedQueue stop() { return StoppedQueue(queue_); }

protected:
	struct request_queue *raw() const { return queue_; }

private:
	struct request_queue *queue_;
};

/**
 * RequestQueue - struct request_queue of a disk, borrowed
 *
 * Good as long as the disk is. Context: see each method.
 */
class RequestQueue : public BusyQueue {
public:
	using BusyQueue::BusyQueue;

	/** freeze - see FrozenQueue */
	FrozenQueue freeze() KXX_MAY_SLEEP { return FrozenQueue(raw()); }
	/** quiesce - see QuiescedQueue */
	QuiescedQueue quiesce() KXX_MAY_SLEEP { return QuiescedQueue(raw()); }
};

} // namespace kxx
