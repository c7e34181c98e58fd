// SPDX-License-Identifier: GPL-2.0
#include <linux/bio.h>
#include <linux/blk-mq.h>
#include <linux/highmem.h>
#include <linux/ratelimit.h>

#include <kxx/glue/blk-mq.h>

#include "compat.h"

int kxx_blk_mq_alloc_tag_set(struct blk_mq_tag_set *set, const void *ops, unsigned int nr_hw_queues,
			     unsigned int queue_depth, int numa_node, unsigned int cmd_size,
			     bool blocking, unsigned int timeout_msecs)
{
	set->ops = ops;
	set->nr_hw_queues = nr_hw_queues;
	set->queue_depth = queue_depth;
	set->numa_node = numa_node;
	set->cmd_size = cmd_size;
	set->flags = BLK_MQ_F_SHOULD_MERGE | (blocking ? BLK_MQ_F_BLOCKING : 0);
	set->timeout = msecs_to_jiffies(timeout_msecs);
	return blk_mq_alloc_tag_set(set);
}

void kxx_blk_mq_free_tag_set(struct blk_mq_tag_set *set)
{
	blk_mq_free_tag_set(set);
}

struct request *kxx_blk_mq_get_tag_to_rq(struct blk_mq_hw_ctx *hctx, unsigned int tag)
{
	/*
	 * An I/O scheduler has requests of its own, which go with it. It goes when
	 * nothing is in flight and nobody else holds this.
	 */
	if (!percpu_ref_tryget(&hctx->queue->q_usage_counter))
		return NULL;

	struct request *rq = blk_mq_tag_to_rq(hctx->tags, tag);

	if (!rq)
		kxx_blk_mq_put_tags(hctx);
	return rq;
}

void kxx_blk_mq_put_tags(struct blk_mq_hw_ctx *hctx)
{
	percpu_ref_put(&hctx->queue->q_usage_counter);
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

void kxx_blk_mq_start_request(struct request *rq)
{
	blk_mq_start_request(rq);
}

void kxx_blk_mq_end_request(struct request *rq, blk_status_t status)
{
	blk_mq_end_request(rq, status);
}

void kxx_blk_mq_requeue_request(struct request *rq, unsigned long msecs)
{
	struct request_queue *q = rq->q;

	blk_mq_requeue_request(rq, !msecs);
	/* The request may be anywhere by now; its queue stays until the disk goes. */
	if (msecs)
		blk_mq_delay_kick_requeue_list(q, msecs);
}

bool kxx_blk_update_request(struct request *rq, blk_status_t status, unsigned int bytes)
{
	return blk_update_request(rq, status, bytes);
}

void kxx_blk_mq_complete_request(struct request *rq)
{
	blk_mq_complete_request(rq);
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

blk_status_t kxx_errno_to_blk_status(int err)
{
	return errno_to_blk_status(err);
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

bool kxx_rq_first_segment(struct request *rq, struct req_iterator *iter, struct bio_vec *bv)
{
	iter->bio = rq->bio;
	if (!iter->bio)
		return false;
	iter->iter = iter->bio->bi_iter;
	return current_segment(iter, bv);
}

bool kxx_rq_next_segment(struct req_iterator *iter, struct bio_vec *bv)
{
	bio_advance_iter_single(iter->bio, &iter->iter, bv->bv_len);
	return current_segment(iter, bv);
}

unsigned int kxx_bvec_len(const struct bio_vec *bv)
{
	return bv->bv_len;
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
