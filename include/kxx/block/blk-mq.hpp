/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blk-mq.hpp - the block layer's queues of requests
 * Wraps <linux/blk-mq.h>. Glue: glue/block/blk-mq.h
 *
 * A driver is a class with the callbacks of struct blk_mq_ops as members:
 *
 *     class Disk {
 *     public:
 *             struct Pdu { BlkStatus status; };     // per request, built and destroyed
 *             struct HctxData { SpinLock<...> l; }; // per hardware queue, the same way
 *
 *             QueueStatus queue_rq(Owned<Request<Disk>> rq) const;
 *     };
 *
 * All but queue_rq are optional. One that the driver does not have is NULL in its ops
 * table; one with another signature does not compile:
 *
 *     QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last) const; // with commit_rqs()
 *     void commit_rqs(Hctx<Disk> hctx) const;
 *     void queue_rqs(RequestList<Disk> &list) const;
 *     void complete(Owned<Request<Disk>> rq) const;                 // softirq
 *     void complete(RequestBatch<Disk> batch) const;                // the same, one or the other
 *     EhTimerReturn timeout(ARef<Request<Disk>> rq) const;          // process, may sleep
 *     void timed_out(Owned<Request<Disk>> rq) const;       // abandoned; the same
 *     // with timed_out(): what waits where the driver finds it again, or nothing if it is
 *     // in other hands by now; what is returned ends with BlkStatus::TIMEOUT
 *     std::optional<Owned<Request<Disk>>> take_back(Request<Disk> &rq) const;
 *     // or, of one that is the first of a batch, the batch
 *     std::optional<RequestBatch<Disk>> take_back(Request<Disk> &rq) const;
 *     unsigned int poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch) const; // how many have ended
 *     Result<void> init_hctx(Hctx<Disk> hctx) const;                // process, may sleep
 *     void exit_hctx(Hctx<Disk> hctx) const;                        // process, may sleep
 *     static Result<void> init_request(Pdu &pdu);                   // process, may sleep
 *     static void exit_request(Pdu &pdu);                           // process, may sleep
 *     static void map_queues(QueueMaps &maps);                      // else by TagSetParameters::queues
 *     std::optional<int> get_budget() const;                        // a token from 0, or nothing
 *     void put_budget(int token) const;
 *     void set_rq_budget_token(Request<Disk> &rq, int token) const;
 *     int get_rq_budget_token(const Request<Disk> &rq) const;
 *     void cleanup_rq(Request<Disk> &rq) const;
 *     bool busy() const;
 *     void show_rq(SeqFile &file, const Request<Disk> &rq) const;   // process
 *
 * blk-mq calls them on several CPUs at once, so they are const: what they change of the
 * driver is an Atomic, or in a lock (lock.hpp). Neither compiler refuses a `mutable` member
 * without a lock; KCSAN reports the race.
 *
 * Context: as queue_rq's where none is given: any but hard interrupt and NMI, and no
 * sleep, unless the tag set is made with blocking. One object of the class is the
 * queuedata of one disk (blkdev.hpp).
 *
 *   request.hpp         Request, Owned
 *   shared_request.hpp  ARef
 *   segment.hpp         Segment, Bvec: the data
 *   queue_status.hpp    BlkStatus, QueueStatus: how it ends, or is sent again
 *   request_list.hpp    many at once
 *   request_batch.hpp   many that wait and end together
 *   request_queue.hpp   a queue held still
 *   hctx.hpp            Hctx, a hardware queue
 *   queue_maps.hpp      how many of them there are
 *   tag_set.hpp         TagSet
 */
#pragma once

#include <kxx/block/request.hpp>
#include <kxx/block/request_batch.hpp>
#include <kxx/block/request_list.hpp>
#include <kxx/block/request_queue.hpp>
#include <kxx/block/shared_request.hpp>
#include <kxx/block/tag_set.hpp>
