/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blk-mq.hpp - multi-queue block layer
 * Wraps <linux/blk-mq.h>. Glue: glue/block/blk-mq.h
 *
 * A driver is a class that has the callbacks of struct blk_mq_ops as members:
 *
 *     class Disk {
 *     public:
 *             struct Pdu { BlkStatus status; };     // one per request
 *             struct HctxData { SpinLock<...> l; }; // one per hardware queue
 *
 *             QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
 *     };
 *
 * TagSet constructs and destroys Pdu and HctxData. All callbacks except queue_rq are optional.
 * The ops table has NULL for a callback that the driver does not have. A callback with a wrong
 * signature does not compile. The signatures are:
 *
 *     QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last) const; // if it has commit_rqs()
 *     void commit_rqs(Hctx<Disk> hctx) const;
 *     void queue_rqs(RequestList<Disk> &list) const;
 *     void complete(Owned<Request<Disk>> rq) const;                 // as Owned::complete() says
 *     void complete(RequestBatch<Disk> batch) const;                // instead of the one above
 *     EhTimerReturn timeout(ARef<Request<Disk>> rq) const;          // process, may sleep
 *     // for requests with one owner, instead of timeout(): gets a request after
 *     // Owned::abandon() when it times out. Process, may sleep
 *     void timed_out(Owned<Request<Disk>> rq) const;
 *     // optional with timed_out(): removes a request that timed out from the place where the
 *     // driver keeps it, or returns nothing if it is no longer there. A returned request ends
 *     // with BlkStatus::TIMEOUT
 *     std::optional<Owned<Request<Disk>>> take_back(const Request<Disk> &rq) const;
 *     // or, for the first request of a batch, the whole batch
 *     std::optional<RequestBatch<Disk>> take_back(const Request<Disk> &rq) const;
 *     // returns the number of requests that it ended
 *     unsigned int poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch) const;
 *     Result<void> init_hctx(Hctx<Disk> hctx) const;                // process, may sleep
 *     void exit_hctx(Hctx<Disk> hctx) const;                        // process, may sleep
 *     static Result<void> init_request(Pdu &pdu);                   // process, may sleep
 *     static void exit_request(Pdu &pdu);                           // process, may sleep
 *     static void map_queues(QueueMaps &maps);                      // default: see QueueCounts
 *     std::optional<int> get_budget() const;                        // a token >= 0, or nothing
 *     void put_budget(int token) const;
 *     void set_rq_budget_token(Request<Disk> &rq, int token) const;
 *     int get_rq_budget_token(const Request<Disk> &rq) const;
 *     void cleanup_rq(Request<Disk> &rq) const;
 *     bool busy() const;
 *     void show_rq(SeqFile &file, const Request<Disk> &rq) const;   // atomic
 *
 * blk-mq calls them on several CPUs at once, so they are const. A callback may change only an
 * Atomic or data in a lock (lock.hpp). The compilers accept a `mutable` member and the object of a
 * Box without a lock; only KCSAN reports the race. The same holds for Hctx::data(), and for the
 * Request of take_back(), which another CPU may own.
 *
 * Context, unless a comment above says otherwise: any except hard interrupt and NMI; must not
 * sleep, unless the tag set has TagSetParameters::blocking. One object of the class is the
 * queuedata of one disk (blkdev.hpp).
 *
 *   request.hpp         Request and Owned: a request with one owner
 *   shared_request.hpp  ARef: a request with several users
 *   segment.hpp         Segment and Bvec: the data of a request
 *   queue_status.hpp    BlkStatus and QueueStatus: results of a request and of queue_rq
 *   request_list.hpp    lists of requests: for queue_rqs(), and for batched completion
 *   request_batch.hpp   several requests that wait and end together
 *   request_queue.hpp   freezing, quiescing and stopping a queue
 *   hctx.hpp            Hctx: a hardware queue
 *   queue_maps.hpp      numbers of hardware queues, and their CPUs
 *   tag_set.hpp         TagSet
 */
#pragma once

#include <kxx/block/request.hpp>
#include <kxx/block/request_batch.hpp>
#include <kxx/block/request_list.hpp>
#include <kxx/block/request_queue.hpp>
#include <kxx/block/shared_request.hpp>
#include <kxx/block/tag_set.hpp>
