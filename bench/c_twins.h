/* SPDX-License-Identifier: GPL-2.0 */
/* c_twins.h - the types and functions of c_twins.c */
#ifndef KXX_C_TWINS_H
#define KXX_C_TWINS_H

#include <drm/drm_mm.h>
#include <linux/blk-mq.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

/* On PREEMPT_RT <linux/local_lock.h> needs <linux/spinlock.h> but does not include it. */
#include <linux/local_lock.h>

struct counter {
	u64 value;
};

struct spin {
	spinlock_t lock; /* protects data */
	struct counter data;
};

struct raw {
	raw_spinlock_t lock; /* protects data */
	struct counter data;
};

struct sleeping {
	struct mutex lock; /* protects data */
	struct counter data;
};

struct local {
	local_lock_t lock;
	struct counter data;
};

struct mapping {
	struct drm_mm_node node;
	bool dropped;
};

struct space {
	spinlock_t lock; /* protects mm */
	struct drm_mm mm;
	const char *name;
};

/*
 * Flattened, so that GCC inlines all calls as it does in the C++. Otherwise inlining would depend
 * on the number of twins in the file.
 */
#define TWIN __attribute__((__flatten__))

TWIN void c_spin_lock_init(struct spin *s);
TWIN void c_spin_lock(struct spin *s);
TWIN void c_spin_lock_bh(struct spin *s);
TWIN void c_spin_lock_irqsave(struct spin *s);
TWIN void c_raw_spin_lock(struct raw *r);
TWIN void c_raw_spin_lock_irqsave(struct raw *r);
TWIN void c_mutex_lock(struct sleeping *m);
TWIN void c_local_lock(struct local __percpu *const *l);
TWIN void c_local_lock_irqsave(struct local __percpu *const *l);
TWIN bool c_spin_trylock(struct spin *s);
TWIN bool c_spin_trylock_irqsave(struct spin *s);
TWIN bool c_mutex_trylock(struct sleeping *m);
TWIN u64 c_with_locked(struct spin *s, u64 more);
TWIN u64 c_return_under_lock(struct spin *s);
TWIN void c_nested(struct spin *outer, struct spin *inner);
TWIN void c_nested_twice(struct spin *a, struct spin *b, struct spin *c);
TWIN void c_nested_raw(struct raw *outer, struct raw *inner);
TWIN void c_nested_raw_under_spin(struct spin *outer, struct raw *inner);
TWIN void c_nested_raw_under_spin_and_raw(struct spin *a, struct raw *b, struct raw *c);
TWIN void c_nested_under_trylock(struct spin *outer, struct spin *inner);
TWIN void c_any_order(struct spin *outer, struct spin *inner);
TWIN void c_local_interrupt_disable(struct raw *r);
TWIN void c_lock_with_irqs_off(struct raw *r, const void *irq);
TWIN void c_wait_event_lock_irq(wait_queue_head_t *wq_head, struct spin *s);
TWIN int c_wait_event_interruptible_lock_irq(wait_queue_head_t *wq_head, struct spin *s);
TWIN long c_wait_event_lock_irq_timeout(wait_queue_head_t *wq_head, struct spin *s, long timeout);
TWIN long c_wait_event_interruptible_lock_irq_timeout(wait_queue_head_t *wq_head,
						      struct spin *s, long timeout);
TWIN int c_mm_insert_node(struct space *s, struct mapping *mapping, u64 size);
TWIN int c_mm_insert_node_in_range(struct space *s, struct mapping *mapping, u64 size,
				   u64 alignment, u64 start, u64 end);
TWIN int c_mm_reserve_node(struct space *s, struct mapping *mapping, u64 start, u64 size);
TWIN int c_mm_remove_node(struct space *s, struct mapping *mapping);
TWIN u64 c_mm_used(struct space *s);
TWIN blk_status_t c_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd);
TWIN void c_queue_rqs(void *list);

#endif
