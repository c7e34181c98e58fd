/* SPDX-License-Identifier: GPL-2.0 */
/*
 * request_queue.hpp - freezing, quiescing and stopping the queue of a disk
 * Wraps the freeze, quiesce and stop of <linux/blk-mq.h>. Glue: glue/block/blk-mq.h
 *
 *                queue_rq is called   new requests             the driver may have requests
 *   frozen       no                   submitters wait          no
 *   quiesced     no                   are queued by blk-mq     yes
 *   stopped      for a while yet      are queued by blk-mq     yes
 */
#pragma once

#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/base/printk.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/glue/block/blk-mq.h>
#include <kxx/glue/sync/sched.h>

namespace kxx {

/**
 * FrozenQueue - While this exists, the queue has no requests and accepts none
 *
 * blk_mq_freeze_queue(), which waits for all requests to end, and blk_mq_unfreeze_queue(). The
 * callback that ended the last one may still be running; quiesce() waits for queue_rq.
 * Cannot be moved. Context: process, may sleep. While the queue is frozen, the code must not do
 * I/O to this disk, and must allocate with GFP_NOIO: otherwise it would wait for itself.
 *
 * Must end in the task in which it began, since 6.14 changes that task's flags, and before the disk
 * is deleted. It warns otherwise. From one callback to another, as from suspend() to resume(), use
 * a QuiescedQueue instead.
 *
 *     auto frozen = disk.queue().freeze();
 */
class [[nodiscard]] FrozenQueue {
public:
	explicit FrozenQueue(struct request_queue *queue) KXX_MAY_SLEEP : queue_(queue),
									  task_(kxx_current())
	{
		kxx_blk_get_queue(queue_);
		flags_ = kxx_blk_mq_freeze_queue(queue_);
	}
	FrozenQueue(const FrozenQueue &) = delete;
	FrozenQueue &operator=(const FrozenQueue &) = delete;
	~FrozenQueue() KXX_MAY_SLEEP
	{
		bool same_task = task_ == kxx_current();

		if (!same_task)
			kxx_warn("kxx: BUG: FrozenQueue ends in another task\n");
		kxx_blk_mq_unfreeze_queue(queue_, same_task, flags_);
		if (kxx_blk_queue_dying(queue_)) {
			kxx_warn("kxx: BUG: FrozenQueue ends after its disk\n");
			kxx_blk_mq_disown_freeze(queue_);
		}
		::blk_put_queue(queue_);
	}

private:
	struct request_queue *queue_;
	const void *task_;
	unsigned int flags_;
};

/**
 * QuiescedQueue - While this exists, queue_rq does not run
 *
 * blk_mq_quiesce_queue(), which waits for running calls of queue_rq, and
 * blk_mq_unquiesce_queue(). May be nested. The driver may work on its requests and end them.
 * Cannot be moved. Context: process, may sleep.
 *
 * May be destroyed in any task, and after the disk: has a reference on the queue. However, deleting
 * the disk waits for requests that blk-mq has queued: end this before that. While the queue is
 * frozen, destroy this only if the disk is not deleted at the same time.
 */
class [[nodiscard]] QuiescedQueue {
public:
	explicit QuiescedQueue(struct request_queue *queue) KXX_MAY_SLEEP : queue_(queue)
	{
		kxx_blk_get_queue(queue_);
		::blk_mq_quiesce_queue(queue_);
	}
	QuiescedQueue(const QuiescedQueue &) = delete;
	QuiescedQueue &operator=(const QuiescedQueue &) = delete;
	~QuiescedQueue() KXX_MAY_SLEEP
	{
		kxx_blk_mq_unquiesce_queue(queue_);
		::blk_put_queue(queue_);
	}

private:
	struct request_queue *queue_;
};

/**
 * StoppedQueue - While this exists, blk-mq sends no requests to the driver
 *
 * blk_mq_stop_hw_queues(); the destructor calls blk_mq_start_stopped_hw_queues().
 * Owned<Request>::give_back() takes a StoppedQueue as a proof that the driver will start the
 * queue again. There must be only one per queue. The driver stores it where the code that
 * frees the missing resource finds it. Cannot be copied, only moved.
 *
 * TagSet::update_nr_hw_queues() starts the queue: from then on blk-mq sends requests although this
 * exists. give_back() still takes it, and blk-mq sends that request again by itself.
 *
 * Has a reference on the queue, so it may be destroyed with the driver's object, after the disk
 * was deleted. However, deleting the disk waits for requests that were given back: start the
 * queue before that. While the queue is frozen, destroy this only if the disk is not deleted at the
 * same time. Context: any except NMI; destroying it after the disk: process.
 *
 *     SpinLockIrq<std::optional<StoppedQueue>> stopped;   // a member of the driver
 *
 *     auto held = stopped.lock();                         // in queue_rq
 *     if (!*held)
 *             held->emplace(rq->queue().stop());
 *     return rq.give_back(**held);
 *
 *     stopped.lock()->reset();                            // the resource is free again
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
 * Valid as long as the request. Has no freeze() and no quiesce(), which RequestQueue has: the
 * owner of a request of the queue, or queue_rq, would wait for itself.
 */
class BusyQueue {
public:
	explicit BusyQueue(struct request_queue *queue) : queue_(queue) {}

	/** stop - See StoppedQueue. Context: any except NMI */
	StoppedQueue stop() { return StoppedQueue(queue_); }

protected:
	struct request_queue *raw() const { return queue_; }

private:
	struct request_queue *queue_;
};

/**
 * RequestQueue - struct request_queue of a disk, borrowed
 *
 * Valid as long as the disk. Context: see each method.
 */
class RequestQueue : public BusyQueue {
public:
	using BusyQueue::BusyQueue;

	/** freeze - See FrozenQueue. Context: process, may sleep */
	FrozenQueue freeze() KXX_MAY_SLEEP { return FrozenQueue(raw()); }
	/** quiesce - See QuiescedQueue. Context: process, may sleep */
	QuiescedQueue quiesce() KXX_MAY_SLEEP { return QuiescedQueue(raw()); }
};

} // namespace kxx
