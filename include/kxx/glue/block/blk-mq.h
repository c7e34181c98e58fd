/* SPDX-License-Identifier: GPL-2.0 */
/* glue/block/blk-mq.h - <linux/blk-mq.h> for C++ */
#ifndef KXX_GLUE_BLK_MQ_H
#define KXX_GLUE_BLK_MQ_H

#include <kxx/glue/types.h>

struct bio_vec;
struct blk_mq_hw_ctx;
struct blk_mq_queue_data;
struct blk_mq_tag_set;
struct io_comp_batch;
struct req_iterator;
struct gendisk;
struct request;
struct request_queue;
/* On kernels without this struct, a struct rq_list * stands for a struct request **. */
struct rq_list;

/*
 * A list of requests linked through rq_next. The tail has a meaning only while the head is not
 * NULL, and is NULL on kernels whose lists have none.
 */
struct kxx_rq_list {
	struct request *head, *tail;
};

struct kxx_tag_set_parameters {
	unsigned int nr_maps;
	unsigned int nr_hw_queues;
	unsigned int queue_depth;
	unsigned int cmd_size; /* bytes */
	unsigned int timeout_msecs;
	int numa_node;
	bool blocking;
	bool no_sched;
	bool shared_tags;
};

KXX_BEGIN_DECLS
/* @ops: a struct blk_mq_ops that C++ filled in */
int kxx_blk_mq_alloc_tag_set(struct blk_mq_tag_set *set, const void *ops,
			     const struct kxx_tag_set_parameters *parameters, void *driver_data);
void blk_mq_free_tag_set(struct blk_mq_tag_set *set);
void *kxx_blk_mq_tag_set_driver_data(const struct blk_mq_tag_set *set);
unsigned int kxx_blk_mq_nr_hw_queues(const struct blk_mq_tag_set *set);
unsigned int kxx_blk_mq_nr_maps(const struct blk_mq_tag_set *set);
void kxx_blk_mq_update_nr_hw_queues(struct blk_mq_tag_set *set, int nr_hw_queues);
void kxx_blk_mq_map_queues(struct blk_mq_tag_set *set, unsigned int type, unsigned int nr_queues,
			   unsigned int queue_offset);
/* Calls @fn for each request that was started and has not ended, until @fn returns false. */
void blk_mq_tagset_busy_iter(struct blk_mq_tag_set *set,
			     bool (*fn)(struct request *rq, void *data), void *data);

void *kxx_blk_mq_queuedata(const struct request_queue *queue);
/* Returns true once the disk of @queue is being deleted. */
bool kxx_blk_queue_dying(struct request_queue *queue);
/* Returns the task's memalloc flags; pass them to kxx_blk_mq_unfreeze_queue(). */
unsigned int kxx_blk_mq_freeze_queue(struct request_queue *queue);
/* @same_task: false in another task than the one that froze the queue, whose flags @flags are */
void kxx_blk_mq_unfreeze_queue(struct request_queue *queue, bool same_task, unsigned int flags);
/* Must follow kxx_blk_mq_unfreeze_queue() if the disk was deleted before it. */
void kxx_blk_mq_disown_freeze(struct request_queue *queue);
void blk_mq_quiesce_queue(struct request_queue *queue);
void kxx_blk_mq_unquiesce_queue(struct request_queue *queue);
/*
 * Waits until each callback that has ended a request of the frozen or dying @queue has returned.
 * May sleep.
 */
void kxx_blk_mq_wait_for_callbacks(struct request_queue *queue);
void kxx_blk_get_queue(struct request_queue *queue);
void blk_put_queue(struct request_queue *queue);
void blk_mq_stop_hw_queues(struct request_queue *queue);
void kxx_blk_mq_start_stopped_hw_queues(struct request_queue *queue);

struct request_queue *kxx_blk_mq_hctx_queue(const struct blk_mq_hw_ctx *hctx);
void *kxx_blk_mq_hctx_queuedata(const struct blk_mq_hw_ctx *hctx);
void *kxx_blk_mq_hctx_driver_data(const struct blk_mq_hw_ctx *hctx);
void kxx_blk_mq_hctx_set_driver_data(struct blk_mq_hw_ctx *hctx, void *data);
unsigned int kxx_blk_mq_hctx_queue_num(const struct blk_mq_hw_ctx *hctx);
unsigned int kxx_blk_mq_hctx_type(const struct blk_mq_hw_ctx *hctx);
/* Undoes blk_mq_stop_hw_queue() for a queue without requests, so does not run the queue. */
void kxx_blk_mq_hctx_clear_stopped(struct blk_mq_hw_ctx *hctx);

/*
 * Takes a reference to the tags of @hctx. Fails while the queue is frozen, if no CPU uses @hctx,
 * and if its driver data is NULL.
 */
bool kxx_blk_mq_tryget_tags(struct blk_mq_hw_ctx *hctx);
void kxx_blk_mq_put_tags(struct blk_mq_hw_ctx *hctx);
/*
 * Keeps each request that kxx_blk_mq_tag_to_rq() finds from being freed. Returns @state for the
 * unlock.
 */
unsigned long kxx_blk_mq_lock_rqs(struct blk_mq_hw_ctx *hctx);
void kxx_blk_mq_unlock_rqs(struct blk_mq_hw_ctx *hctx, unsigned long state);
/*
 * Returns the request that last had @tag, or NULL. The request may have ended already, and may be
 * in use for another tag or by another disk of the tag set.
 */
struct request *kxx_blk_mq_tag_to_rq(struct blk_mq_hw_ctx *hctx, unsigned int tag);
bool kxx_rq_has_tag(const struct request *rq, const struct blk_mq_hw_ctx *hctx, unsigned int tag);
unsigned int kxx_rq_tag(const struct request *rq);
struct blk_mq_hw_ctx *kxx_rq_hctx(const struct request *rq);

struct request *kxx_blk_mq_queue_data_rq(const struct blk_mq_queue_data *bd);
bool kxx_blk_mq_queue_data_last(const struct blk_mq_queue_data *bd);

struct request *kxx_rq_list_peek(struct rq_list *list);
/* Empties @list and returns its requests, linked through rq_next. */
struct kxx_rq_list kxx_rq_list_take(struct rq_list *list);
/* Adds @rq to a chain, which is linked through rq_next with the last added request first. */
void kxx_rq_chain_add(struct request **chain, struct request *rq);
/*
 * Puts the rest of @taken to the front of @list, and before it all requests of @chain, the first
 * added one first.
 */
void kxx_rq_list_give_back(struct rq_list *list, struct kxx_rq_list taken, struct request *chain);
/* Returns false and does nothing if @rq cannot end in a batch, or if @batch is NULL. */
bool kxx_blk_mq_add_to_batch(struct request *rq, struct io_comp_batch *batch);
void kxx_blk_mq_end_request_batch(struct io_comp_batch *batch);
/*
 * Lists of requests that can end in one batch, for RequestBatch; linked through rq_next in the
 * order of completion. kxx_rq_leads(): @rq may be the first of a list. kxx_rq_joins(): @rq may be
 * in a list with @first, since both have the same hardware queue, software queue, deadline and
 * flags.
 */
bool kxx_rq_leads(struct request *rq);
bool kxx_rq_joins(struct request *rq, const struct request *first);
struct request *kxx_rq_next(const struct request *rq);
/* Must be called for each request that queue_rqs() takes off its list. */
void kxx_rq_popped(struct request *rq);
void kxx_rq_set_next(struct request *rq, struct request *next);
/* Ends all requests of such a list with BLK_STS_OK, in one batch. */
void kxx_blk_mq_end_requests(struct request *first) KXX_TAKES(1);
void kxx_blk_mq_end_each(struct request *first, blk_status_t status) KXX_TAKES(1);
/* Calls kxx_blk_mq_complete_request() for @first, and marks the others as complete as well. */
void kxx_blk_mq_complete_requests(struct request *first) KXX_TAKES(1);
bool kxx_rq_is_started(const struct request *rq);
bool kxx_blk_should_fake_timeout(const struct request *rq);
void blk_mq_start_request(struct request *rq);
void blk_mq_end_request(struct request *rq, blk_status_t status) KXX_TAKES(1);
/* blk_mq_complete_request() */
void kxx_blk_mq_complete_request(struct request *rq) KXX_TAKES(1);
/* Makes blk-mq send the request again; see requeue() in request.hpp. */
void kxx_blk_mq_requeue_request(struct request *rq, unsigned long msecs) KXX_TAKES(1);
bool blk_update_request(struct request *rq, blk_status_t status, unsigned int bytes);
#ifndef KXX_ANALYZE
void *kxx_blk_mq_rq_to_pdu(struct request *rq);
#else
/* Tells clang's analyzer that the PDU is a part of @rq, invalid once @rq has ended. */
static inline void *kxx_blk_mq_rq_to_pdu(struct request *rq)
{
	return rq;
}
#endif
void *kxx_blk_mq_rq_queuedata(struct request *rq);
void kxx_blk_mq_request_dropped(struct request *rq);
blk_status_t errno_to_blk_status(int err);

struct request_queue *kxx_rq_queue(const struct request *rq);
struct gendisk *kxx_rq_disk(const struct request *rq);
unsigned int kxx_rq_cmd_flags(const struct request *rq);
void kxx_rq_set_pos(struct request *rq, sector_t sector);
unsigned int kxx_req_op(const struct request *rq);
sector_t kxx_blk_rq_pos(const struct request *rq);
unsigned int kxx_blk_rq_bytes(const struct request *rq);

/* rq_for_each_segment() in single steps; both return false after the last segment. */
bool kxx_rq_first_segment(struct request *rq, struct req_iterator *iter, struct bio_vec *bv);
bool kxx_rq_next_segment(struct req_iterator *iter, struct bio_vec *bv);
/*
 * rq_for_each_bvec() in single steps: a piece may have several pages. kxx_bvec_virt() returns
 * its address in the linear mapping.
 */
bool kxx_rq_first_bvec(struct request *rq, struct req_iterator *iter, struct bio_vec *bv);
bool kxx_rq_next_bvec(struct req_iterator *iter, struct bio_vec *bv);
void *kxx_bvec_virt(const struct bio_vec *bv);
unsigned int kxx_bvec_len(const struct bio_vec *bv);
void kxx_bvec_flush_dcache(const struct bio_vec *bv);
void *kxx_bvec_kmap_local(struct bio_vec *bv);
void kxx_bvec_kunmap_local(struct bio_vec *bv, void *mapped) KXX_TAKES(2);
KXX_END_DECLS

#endif
