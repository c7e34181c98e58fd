// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/cpumask.h>
#include <linux/highmem.h>
#include <linux/ratelimit.h>
#include <linux/rcupdate.h>

#include <kxx/glue/block/blk-mq.h>

#include "../compat.h"

int kxx_blk_mq_alloc_tag_set(struct blk_mq_tag_set *set, const void *ops,
			     const struct kxx_tag_set_parameters *parameters, void *driver_data)
{
	int err;

	set->ops = ops;
	set->nr_maps = parameters->nr_maps;
	set->nr_hw_queues = parameters->nr_hw_queues;
	set->queue_depth = parameters->queue_depth;
	set->numa_node = parameters->numa_node;
	set->cmd_size = parameters->cmd_size;
	set->flags = KXX_COMPAT_F_SHOULD_MERGE;
	if (parameters->blocking)
		set->flags |= BLK_MQ_F_BLOCKING;
	if (parameters->no_sched)
		set->flags |= KXX_COMPAT_F_NO_SCHED;
	if (parameters->shared_tags)
		set->flags |= BLK_MQ_F_TAG_HCTX_SHARED;
	set->timeout = msecs_to_jiffies(parameters->timeout_msecs);
	set->driver_data = driver_data;
	err = blk_mq_alloc_tag_set(set);
	if (err)
		kxx_compat_tag_set_failed(set);
	return err;
}

void *kxx_blk_mq_tag_set_driver_data(const struct blk_mq_tag_set *set)
{
	return set->driver_data;
}

unsigned int kxx_blk_mq_nr_hw_queues(const struct blk_mq_tag_set *set)
{
	return set->nr_hw_queues;
}

unsigned int kxx_blk_mq_nr_maps(const struct blk_mq_tag_set *set)
{
	return set->nr_maps;
}

void kxx_blk_mq_map_queues(struct blk_mq_tag_set *set, unsigned int type, unsigned int nr_queues,
			   unsigned int queue_offset)
{
	struct blk_mq_queue_map *map = &set->map[type];

	/* blk_mq_map_queues() of 6.12 warns if there are more queues than CPUs. */
	map->nr_queues = min(nr_queues, num_possible_cpus());
	map->queue_offset = queue_offset;
	/* Without queues of its own, a type uses the default queues: leave its map empty. */
	if (nr_queues)
		blk_mq_map_queues(map);
}

void *kxx_blk_mq_queuedata(const struct request_queue *queue)
{
	return queue->queuedata;
}

bool kxx_blk_queue_dying(struct request_queue *queue)
{
	return blk_queue_dying(queue);
}

unsigned int kxx_blk_mq_freeze_queue(struct request_queue *queue)
{
	return kxx_compat_freeze_queue(queue);
}

void kxx_blk_mq_unfreeze_queue(struct request_queue *queue, bool same_task, unsigned int flags)
{
	kxx_compat_unfreeze_queue(queue, same_task, flags);
}

void kxx_blk_mq_disown_freeze(struct request_queue *queue)
{
	kxx_compat_disown_freeze(queue);
}

/*
 * blk-mq waits for the last request, which may end before the callback that ended it returns.
 * queue_rq and queue_rqs run in an SRCU read-side section if the tag set has BLK_MQ_F_BLOCKING,
 * else in one of RCU. The functions of timers run in softirq or hardirq, for which
 * synchronize_rcu() waits as well, and so does complete, or else in the read-side section of
 * kxx_blk_mq_complete_request(). poll and timeout hold the q_usage_counter. Expedited, since blk-mq
 * calls exit_hctx, which waits here, for each hardware queue.
 */
void kxx_blk_mq_wait_for_callbacks(struct request_queue *queue)
{
	if (queue->tag_set->flags & BLK_MQ_F_BLOCKING)
		kxx_compat_wait_quiesce_done(queue);
	synchronize_rcu_expedited();
}

/* Works for a dying queue too, unlike blk_get_queue(). */
void kxx_blk_get_queue(struct request_queue *queue)
{
	kxx_compat_get_queue(queue);
}

/*
 * Runs a queue again. The caller has a reference on the queue only. If the disk was deleted, its
 * tag set may be freed already, and since 6.2 both functions that are passed as @run read the tag
 * set. A deleted disk's queue is dying and has no requests left: skip it. Otherwise the
 * q_usage_counter that is taken here keeps the disk from being deleted. That fails on a frozen
 * queue, which has no requests: then the disk must not be deleted until this returns, see
 * QuiescedQueue and StoppedQueue.
 */
static __always_inline void unless_deleted(struct request_queue *queue,
					   void (*run)(struct request_queue *queue))
{
	bool entered = percpu_ref_tryget(&queue->q_usage_counter);

	if (entered || !blk_queue_dying(queue))
		run(queue);
	if (entered)
		percpu_ref_put(&queue->q_usage_counter);
}

static __always_inline void start_stopped_hw_queues(struct request_queue *queue)
{
	blk_mq_start_stopped_hw_queues(queue, true);
}

__always_inline void kxx_blk_mq_start_stopped_hw_queues(struct request_queue *queue)
{
	unless_deleted(queue, start_stopped_hw_queues);
}

void kxx_blk_mq_unquiesce_queue(struct request_queue *queue)
{
	unless_deleted(queue, blk_mq_unquiesce_queue);
}

struct request_queue *kxx_blk_mq_hctx_queue(const struct blk_mq_hw_ctx *hctx)
{
	return hctx->queue;
}

void *kxx_blk_mq_hctx_queuedata(const struct blk_mq_hw_ctx *hctx)
{
	return hctx->queue->queuedata;
}

void *kxx_blk_mq_hctx_driver_data(const struct blk_mq_hw_ctx *hctx)
{
	return hctx->driver_data;
}

void kxx_blk_mq_hctx_set_driver_data(struct blk_mq_hw_ctx *hctx, void *data)
{
	hctx->driver_data = data;
}

unsigned int kxx_blk_mq_hctx_queue_num(const struct blk_mq_hw_ctx *hctx)
{
	return hctx->queue_num;
}

unsigned int kxx_blk_mq_hctx_type(const struct blk_mq_hw_ctx *hctx)
{
	return hctx->type;
}

void kxx_blk_mq_hctx_clear_stopped(struct blk_mq_hw_ctx *hctx)
{
	clear_bit(BLK_MQ_S_STOPPED, &hctx->state);
}

bool kxx_blk_mq_tryget_tags(struct blk_mq_hw_ctx *hctx)
{
	struct request_queue *queue = hctx->queue;

	/* With this reference the queue is not frozen, so hctx->tags does not change. */
	if (!percpu_ref_tryget(&queue->q_usage_counter))
		return false;
	/*
	 * A hardware queue without CPUs has no tags. One that was removed still points to its
	 * freed tags, but TagSet has cleared its driver_data.
	 */
	if (hctx->tags && hctx->driver_data)
		return true;
	percpu_ref_put(&queue->q_usage_counter);
	return false;
}

void kxx_blk_mq_put_tags(struct blk_mq_hw_ctx *hctx)
{
	percpu_ref_put(&hctx->queue->q_usage_counter);
}

unsigned long kxx_blk_mq_lock_rqs(struct blk_mq_hw_ctx *hctx)
{
	return kxx_compat_lock_rqs(hctx);
}

void kxx_blk_mq_unlock_rqs(struct blk_mq_hw_ctx *hctx, unsigned long state)
{
	kxx_compat_unlock_rqs(hctx, state);
}

struct request *kxx_blk_mq_tag_to_rq(struct blk_mq_hw_ctx *hctx, unsigned int tag)
{
	if (tag >= hctx->tags->nr_tags)
		return NULL;
	/*
	 * Does the same as blk_mq_tag_to_rq(), but may race with blk_mq_start_request(), which
	 * sets the pointer with a plain write. The old and the new request are both fine: the
	 * caller takes a reference on the request, and then checks its tag.
	 */
	return data_race(READ_ONCE(hctx->tags->rqs[tag]));
}

bool kxx_rq_has_tag(const struct request *rq, const struct blk_mq_hw_ctx *hctx, unsigned int tag)
{
	return rq->mq_hctx == hctx && rq->tag == tag;
}

unsigned int kxx_rq_tag(const struct request *rq)
{
	return rq->tag;
}

struct blk_mq_hw_ctx *kxx_rq_hctx(const struct request *rq)
{
	return rq->mq_hctx;
}

struct request *kxx_blk_mq_queue_data_rq(const struct blk_mq_queue_data *bd)
{
	return bd->rq;
}

bool kxx_blk_mq_queue_data_last(const struct blk_mq_queue_data *bd)
{
	return bd->last;
}

struct request *kxx_rq_list_peek(struct rq_list *list)
{
	return rq_list_peek((kxx_compat_rq_list *)list);
}

struct kxx_rq_list kxx_rq_list_take(struct rq_list *list)
{
	return kxx_compat_rq_list_take((kxx_compat_rq_list *)list);
}

void kxx_rq_chain_add(struct request **chain, struct request *rq)
{
	rq->rq_next = *chain;
	*chain = rq;
}

void kxx_rq_list_give_back(struct rq_list *list, struct kxx_rq_list taken, struct request *chain)
{
	struct request *rq, *next;

	kxx_compat_rq_list_give_back((kxx_compat_rq_list *)list, taken);
	for (rq = chain; rq; rq = next) {
		next = rq->rq_next;
		kxx_compat_rq_list_add_head((kxx_compat_rq_list *)list, rq);
	}
}

__always_inline bool kxx_blk_mq_add_to_batch(struct request *rq, struct io_comp_batch *batch)
{
	return blk_mq_add_to_batch(rq, batch, false, blk_mq_end_request_batch);
}

void kxx_blk_mq_end_request_batch(struct io_comp_batch *batch)
{
	if (rq_list_peek(&batch->req_list))
		blk_mq_end_request_batch(batch);
}

static __always_inline bool can_batch(struct request *rq)
{
	struct io_comp_batch batch = {};

	return kxx_blk_mq_add_to_batch(rq, &batch);
}

__always_inline bool kxx_rq_leads(struct request *rq)
{
	/*
	 * blk_mq_end_request_batch() takes need_ts, a time stamp for all, from the first request.
	 */
	return !blk_rq_is_passthrough(rq) && can_batch(rq);
}

__always_inline bool kxx_rq_joins(struct request *rq, const struct request *first)
{
	return rq->mq_ctx == first->mq_ctx && rq->mq_hctx == first->mq_hctx &&
	       rq->deadline == first->deadline && rq->rq_flags == first->rq_flags && can_batch(rq);
}

void kxx_rq_popped(struct request *rq)
{
	kxx_compat_rq_popped(rq);
}

struct request *kxx_rq_next(const struct request *rq)
{
	return rq->rq_next;
}

void kxx_rq_set_next(struct request *rq, struct request *next)
{
	rq->rq_next = next;
}

void kxx_blk_mq_end_requests(struct request *first)
{
	struct io_comp_batch batch = { .need_ts = blk_mq_need_time_stamp(first) };

	/* blk_mq_end_request_batch() reads only the head of the list. */
	kxx_compat_rq_list_set((kxx_compat_rq_list *)&batch.req_list, first);
	blk_mq_end_request_batch(&batch);
}

void kxx_blk_mq_end_each(struct request *first, blk_status_t status)
{
	struct request *rq, *next;

	for (rq = first; rq; rq = next) {
		next = rq->rq_next;
		blk_mq_end_request(rq, status);
	}
}

/*
 * blk_mq_complete_request() may call complete in the caller's context, for instance that of a work
 * item, and complete may end the request and then use the driver. kxx_blk_mq_wait_for_callbacks()
 * waits for this read-side section.
 */
void kxx_blk_mq_complete_request(struct request *rq)
{
	rcu_read_lock();
	blk_mq_complete_request(rq);
	rcu_read_unlock();
}

void kxx_blk_mq_complete_requests(struct request *first)
{
	/*
	 * With a single hardware queue, blk_mq_complete_request() raises a softirq. Raised in task
	 * context, the softirq would run only in ksoftirqd; raised while softirqs are disabled, it
	 * runs when they are enabled below. Not possible in atomic context on PREEMPT_RT, where
	 * local_bh_disable() takes a sleeping lock.
	 */
	bool run_softirq = first->q->nr_hw_queues == 1 && preemptible();
	struct request *rq;

	/*
	 * blk_mq_complete_request() marks only the first request as complete, and the list may end
	 * later, in softirq context, perhaps on another CPU. Mark the others here, so that
	 * none of them times out until then.
	 */
	for (rq = first->rq_next; rq; rq = rq->rq_next)
		blk_mq_set_request_complete(rq);
	if (run_softirq) {
		/* Also a read-side section, as that of kxx_blk_mq_complete_request(). */
		local_bh_disable();
		blk_mq_complete_request(first);
		local_bh_enable();
	} else {
		kxx_blk_mq_complete_request(first);
	}
}

bool kxx_rq_is_started(const struct request *rq)
{
	return blk_mq_request_started((struct request *)rq);
}

bool kxx_blk_should_fake_timeout(const struct request *rq)
{
	return blk_should_fake_timeout(rq->q);
}

void kxx_blk_mq_requeue_request(struct request *rq, unsigned long msecs)
{
	struct request_queue *q = rq->q;

	if (!msecs) {
		blk_mq_requeue_request(rq, true);
		return;
	}
	/*
	 * Another request that is requeued may kick the list, so @rq may end at once, and its disk
	 * may be deleted. This reference, like that of @rq, keeps the queue until the end.
	 */
	percpu_ref_get(&q->q_usage_counter);
	blk_mq_requeue_request(rq, false);
	blk_mq_delay_kick_requeue_list(q, msecs);
	percpu_ref_put(&q->q_usage_counter);
}

void *kxx_blk_mq_rq_to_pdu(struct request *rq)
{
	return blk_mq_rq_to_pdu(rq);
}

void *kxx_blk_mq_rq_queuedata(struct request *rq)
{
	return rq->q->queuedata;
}

void kxx_blk_mq_request_dropped(struct request *rq)
{
	pr_err_ratelimited("kxx: BUG: driver dropped a request (op %u, sector %llu, %u bytes), ending it with an I/O error\n",
			   req_op(rq), (u64)blk_rq_pos(rq), blk_rq_bytes(rq));
}

struct gendisk *kxx_rq_disk(const struct request *rq)
{
	return rq->q->disk;
}

struct request_queue *kxx_rq_queue(const struct request *rq)
{
	return rq->q;
}

unsigned int kxx_rq_cmd_flags(const struct request *rq)
{
	return (__force unsigned int)rq->cmd_flags;
}

void kxx_rq_set_pos(struct request *rq, sector_t sector)
{
	rq->__sector = sector;
}

unsigned int kxx_req_op(const struct request *rq)
{
	return (__force unsigned int)req_op(rq);
}

sector_t kxx_blk_rq_pos(const struct request *rq)
{
	return blk_rq_pos(rq);
}

unsigned int kxx_blk_rq_bytes(const struct request *rq)
{
	return blk_rq_bytes(rq);
}

static bool current_segment(struct req_iterator *iter, struct bio_vec *bv)
{
	while (!iter->iter.bi_size) {
		iter->bio = iter->bio->bi_next;
		if (!iter->bio)
			return false;
		iter->iter = iter->bio->bi_iter;
	}
	*bv = bio_iter_iovec(iter->bio, iter->iter);
	return true;
}

__always_inline bool kxx_rq_first_segment(struct request *rq, struct req_iterator *iter,
					  struct bio_vec *bv)
{
	iter->bio = rq->bio;
	/* The bios of a discard, for example, have a size and no bi_io_vec. */
	if (!bio_has_data(iter->bio))
		return false;
	iter->iter = iter->bio->bi_iter;
	return current_segment(iter, bv);
}

__always_inline bool kxx_rq_next_segment(struct req_iterator *iter, struct bio_vec *bv)
{
	bio_advance_iter_single(iter->bio, &iter->iter, bv->bv_len);
	return current_segment(iter, bv);
}

static __always_inline bool current_bvec(struct req_iterator *iter, struct bio_vec *bv)
{
	while (!iter->iter.bi_size) {
		iter->bio = iter->bio->bi_next;
		if (!iter->bio)
			return false;
		iter->iter = iter->bio->bi_iter;
	}
	*bv = mp_bvec_iter_bvec(iter->bio->bi_io_vec, iter->iter);
	return true;
}

__always_inline bool kxx_rq_first_bvec(struct request *rq, struct req_iterator *iter,
				       struct bio_vec *bv)
{
	iter->bio = rq->bio;
	/* The bios of a discard, for example, have a size and no bi_io_vec. */
	if (!bio_has_data(iter->bio))
		return false;
	iter->iter = iter->bio->bi_iter;
	return current_bvec(iter, bv);
}

__always_inline bool kxx_rq_next_bvec(struct req_iterator *iter, struct bio_vec *bv)
{
	/* Not bio_advance_iter_single(), which also handles bios without data, refused above. */
	bvec_iter_advance_single(iter->bio->bi_io_vec, &iter->iter, bv->bv_len);
	return current_bvec(iter, bv);
}

void *kxx_bvec_virt(const struct bio_vec *bv)
{
	/* page_address() works for every page, since kxx does not support highmem. */
	BUILD_BUG_ON(IS_ENABLED(CONFIG_HIGHMEM));
	return page_address(bv->bv_page) + bv->bv_offset;
}

unsigned int kxx_bvec_len(const struct bio_vec *bv)
{
	return bv->bv_len;
}

void kxx_bvec_flush_dcache(const struct bio_vec *bv)
{
#if ARCH_IMPLEMENTS_FLUSH_DCACHE_PAGE
	const unsigned int end = bv->bv_offset + bv->bv_len;
	unsigned int bytes;

	for (bytes = bv->bv_offset & PAGE_MASK; bytes < end; bytes += PAGE_SIZE)
		flush_dcache_page(bv->bv_page + bytes / PAGE_SIZE);
#endif
}

void *kxx_bvec_kmap_local(struct bio_vec *bv)
{
	return bvec_kmap_local(bv);
}

void kxx_bvec_kunmap_local(struct bio_vec *bv, void *mapped)
{
	flush_dcache_page(bv->bv_page);
	kunmap_local(mapped);
}
