/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blk-mq.hpp - the block layer's queues of requests
 * Wraps <linux/blk-mq.h>. Glue: glue/blk-mq.h
 *
 * A driver is a class with the callbacks of struct blk_mq_ops as members:
 *
 *     class Disk {
 *     public:
 *             struct Pdu { BlkStatus status; };     // per request, built and destroyed
 *             struct HctxData { SpinLock<...> l; }; // per hardware queue, the same way
 *
 *             QueueStatus queue_rq(Owned<Request<Disk>> rq);
 *     };
 *
 * All but queue_rq are optional. One that the driver does not have is NULL in its ops
 * table; one with another signature does not compile:
 *
 *     QueueStatus queue_rq(Owned<Request<Disk>> rq, bool last);  // with commit_rqs()
 *     void commit_rqs(Hctx<Disk> hctx);
 *     void queue_rqs(RequestList<Disk> &list);
 *     void complete(Owned<Request<Disk>> rq);                    // softirq
 *     EhTimerReturn timeout(ARef<Request<Disk>> rq);             // process, may sleep
 *     void timed_out(Owned<Request<Disk>> rq);   // of one that was abandoned; the same
 *     unsigned int poll(Hctx<Disk> hctx, IoCompBatch<Disk> &batch); // how many have ended
 *     Result<void> init_hctx(Hctx<Disk> hctx);                   // process, may sleep
 *     void exit_hctx(Hctx<Disk> hctx);                           // process, may sleep
 *     static Result<void> init_request(Pdu &pdu);                // process, may sleep
 *     static void exit_request(Pdu &pdu);                        // process, may sleep
 *     static void map_queues(QueueMaps &maps);   // else by TagSetParameters::queues
 *     std::optional<int> get_budget();           // a token from 0, or nothing
 *     void put_budget(int token);
 *     void set_rq_budget_token(Request<Disk> &rq, int token);
 *     int get_rq_budget_token(const Request<Disk> &rq);
 *     void cleanup_rq(Request<Disk> &rq);
 *     bool busy() const;
 *     void show_rq(SeqFile &file, const Request<Disk> &rq);      // process
 *
 * Context: as queue_rq's where none is given: any but hard interrupt and NMI, and no
 * sleep, unless the tag set is made with blocking. One object of the class is the
 * queuedata of one disk (blkdev.hpp).
 *
 *   request.hpp        Request, Owned, ARef, Segment, Hctx
 *   request_list.hpp   many at once
 *   request_queue.hpp  a queue held still
 *   tag_set.hpp        TagSet
 */
#pragma once

#include <kxx/request.hpp>
#include <kxx/request_list.hpp>
#include <kxx/request_queue.hpp>
#include <kxx/tag_set.hpp>
