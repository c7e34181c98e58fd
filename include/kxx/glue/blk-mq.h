/* SPDX-License-Identifier: GPL-2.0 */
/* glue/blk-mq.h - <linux/blk-mq.h> for C++ */
#ifndef KXX_GLUE_BLK_MQ_H
#define KXX_GLUE_BLK_MQ_H

#include <kxx/glue/types.h>

struct bio_vec;
struct blk_mq_hw_ctx;
struct blk_mq_queue_data;
struct blk_mq_tag_set;
struct req_iterator;
struct request;

KXX_BEGIN_DECLS
/* @ops: a struct blk_mq_ops, laid out by C++ from generated offsets */
int kxx_blk_mq_alloc_tag_set(struct blk_mq_tag_set *set, const void *ops, unsigned int nr_hw_queues,
			     unsigned int queue_depth, int numa_node, unsigned int cmd_size,
			     bool blocking, unsigned int timeout_msecs);
void kxx_blk_mq_free_tag_set(struct blk_mq_tag_set *set);

/*
 * The request of @hctx with that tag, or NULL, for kxx_blk_mq_put_tags(): until then no
 * request's memory goes. It may be another's by now, or nobody's.
 */
struct request *kxx_blk_mq_get_tag_to_rq(struct blk_mq_hw_ctx *hctx, unsigned int tag);
void kxx_blk_mq_put_tags(struct blk_mq_hw_ctx *hctx);
bool kxx_rq_has_tag(const struct request *rq, const struct blk_mq_hw_ctx *hctx, unsigned int tag);
unsigned int kxx_rq_tag(const struct request *rq);
struct blk_mq_hw_ctx *kxx_rq_hctx(const struct request *rq);

struct request *kxx_blk_mq_queue_data_rq(const struct blk_mq_queue_data *bd);
void kxx_blk_mq_start_request(struct request *rq);
void kxx_blk_mq_end_request(struct request *rq, blk_status_t status);
void kxx_blk_mq_complete_request(struct request *rq);
/* For blk-mq to send again, at once or in @msecs. */
void kxx_blk_mq_requeue_request(struct request *rq, unsigned long msecs);
bool kxx_blk_update_request(struct request *rq, blk_status_t status, unsigned int bytes);
void *kxx_blk_mq_rq_to_pdu(struct request *rq);
void *kxx_blk_mq_rq_queuedata(struct request *rq);
void kxx_blk_mq_request_dropped(struct request *rq);
blk_status_t kxx_errno_to_blk_status(int err);

unsigned int kxx_req_op(const struct request *rq);
sector_t kxx_blk_rq_pos(const struct request *rq);
unsigned int kxx_blk_rq_bytes(const struct request *rq);

/* rq_for_each_segment(), a step at a time; both return false past the last segment. */
bool kxx_rq_first_segment(struct request *rq, struct req_iterator *iter, struct bio_vec *bv);
bool kxx_rq_next_segment(struct req_iterator *iter, struct bio_vec *bv);
unsigned int kxx_bvec_len(const struct bio_vec *bv);
void *kxx_bvec_kmap_local(struct bio_vec *bv);
void kxx_bvec_kunmap_local(struct bio_vec *bv, void *mapped);
KXX_END_DECLS

#endif
