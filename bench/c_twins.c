// SPDX-License-Identifier: GPL-2.0
/*
 * c_twins.c - the functions of twins.cc, written in C; never run
 *
 * scripts/tests/twins compares the instructions of each pair of functions.
 */
#include <linux/module.h>
#include <linux/slab.h>

#include "../src/glue/compat.h"
#include "c_twins.h"

/* Interrupts are disabled by count on kernels that have spin_lock_irq_disable(). */
#if KXX_COMPAT_IRQ_COUNTED
#define lock_irq(kind, lock, flags) ({ (void)(flags); kind##_lock_irq_disable(lock); })
#define trylock_irq(kind, lock, flags) ({ (void)(flags); kind##_trylock_irq_disable(lock); })
#define unlock_irq(kind, lock, flags) kind##_unlock_irq_enable(lock)
#define lock_any_order(lock) spin_lock_irq_disable(lock)
#define unlock_any_order(lock) spin_unlock_irq_enable(lock)

/* The kernel's own wait macros release with spin_unlock_irq(), which bypasses the count. */
#undef __wait_event_lock_irq
#define __wait_event_lock_irq(wq_head, condition, lock, cmd) \
	(void)___wait_event(wq_head, condition, TASK_UNINTERRUPTIBLE, 0, 0, \
			    spin_unlock_irq_enable(&(lock)); cmd; schedule(); \
			    spin_lock_irq_disable(&(lock)))
#undef __wait_event_interruptible_lock_irq
#define __wait_event_interruptible_lock_irq(wq_head, condition, lock, cmd) \
	___wait_event(wq_head, condition, TASK_INTERRUPTIBLE, 0, 0, \
		      spin_unlock_irq_enable(&(lock)); cmd; schedule(); \
		      spin_lock_irq_disable(&(lock)))
#undef __wait_event_lock_irq_timeout
#define __wait_event_lock_irq_timeout(wq_head, condition, lock, timeout, state) \
	___wait_event(wq_head, ___wait_cond_timeout(condition), state, 0, timeout, \
		      spin_unlock_irq_enable(&(lock)); __ret = schedule_timeout(__ret); \
		      spin_lock_irq_disable(&(lock)))
#else
#define lock_irq(kind, lock, flags) kind##_lock_irqsave(lock, flags)
#define trylock_irq(kind, lock, flags) kind##_trylock_irqsave(lock, flags)
#define unlock_irq(kind, lock, flags) kind##_unlock_irqrestore(lock, flags)
#define lock_any_order(lock) spin_lock(lock)
#define unlock_any_order(lock) spin_unlock(lock)
#endif

void c_spin_lock_init(struct spin *s)
{
	spin_lock_init(&s->lock);
	s->data.value = 0;
}

void c_spin_lock(struct spin *s)
{
	spin_lock(&s->lock);
	s->data.value++;
	spin_unlock(&s->lock);
}

void c_spin_lock_bh(struct spin *s)
{
	spin_lock_bh(&s->lock);
	s->data.value++;
	spin_unlock_bh(&s->lock);
}

void c_spin_lock_irqsave(struct spin *s)
{
	unsigned long flags;

	lock_irq(spin, &s->lock, flags);
	s->data.value++;
	unlock_irq(spin, &s->lock, flags);
}

void c_raw_spin_lock(struct raw *r)
{
	raw_spin_lock(&r->lock);
	r->data.value++;
	raw_spin_unlock(&r->lock);
}

void c_raw_spin_lock_irqsave(struct raw *r)
{
	unsigned long flags;

	lock_irq(raw_spin, &r->lock, flags);
	r->data.value++;
	unlock_irq(raw_spin, &r->lock, flags);
}

void c_mutex_lock(struct sleeping *m)
{
	mutex_lock(&m->lock);
	m->data.value++;
	mutex_unlock(&m->lock);
}

void c_local_lock(struct local __percpu *const *l)
{
	struct local __percpu *local = *l;

	local_lock(&local->lock);
	this_cpu_ptr(local)->data.value++;
	local_unlock(&local->lock);
}

void c_local_lock_irqsave(struct local __percpu *const *l)
{
	struct local __percpu *local = *l;
	unsigned long flags;

	local_lock_irqsave(&local->lock, flags);
	this_cpu_ptr(local)->data.value++;
	local_unlock_irqrestore(&local->lock, flags);
}

bool c_spin_trylock(struct spin *s)
{
	if (!spin_trylock(&s->lock))
		return false;
	s->data.value++;
	spin_unlock(&s->lock);
	return true;
}

bool c_spin_trylock_irqsave(struct spin *s)
{
	unsigned long flags;

	if (!trylock_irq(spin, &s->lock, flags))
		return false;
	s->data.value++;
	unlock_irq(spin, &s->lock, flags);
	return true;
}

bool c_mutex_trylock(struct sleeping *m)
{
	if (!mutex_trylock(&m->lock))
		return false;
	m->data.value++;
	mutex_unlock(&m->lock);
	return true;
}

u64 c_with_locked(struct spin *s, u64 more)
{
	unsigned long flags;
	u64 value;

	lock_irq(spin, &s->lock, flags);
	value = s->data.value += more;
	unlock_irq(spin, &s->lock, flags);
	return value;
}

u64 c_return_under_lock(struct spin *s)
{
	unsigned long flags;
	u64 value;

	lock_irq(spin, &s->lock, flags);
	if (s->data.value > 100) {
		unlock_irq(spin, &s->lock, flags);
		return 0;
	}
	value = ++s->data.value;
	unlock_irq(spin, &s->lock, flags);
	return value;
}

void c_nested(struct spin *outer, struct spin *inner)
{
	unsigned long flags;

	lock_irq(spin, &outer->lock, flags);
	spin_lock(&inner->lock);
	inner->data.value = outer->data.value;
	spin_unlock(&inner->lock);
	unlock_irq(spin, &outer->lock, flags);
}

void c_nested_twice(struct spin *a, struct spin *b, struct spin *c)
{
	unsigned long flags;

	spin_lock(&a->lock);
	lock_irq(spin, &b->lock, flags);
	spin_lock(&c->lock);
	c->data.value = a->data.value + b->data.value;
	spin_unlock(&c->lock);
	unlock_irq(spin, &b->lock, flags);
	spin_unlock(&a->lock);
}

void c_nested_raw(struct raw *outer, struct raw *inner)
{
	unsigned long flags;

	lock_irq(raw_spin, &outer->lock, flags);
	raw_spin_lock(&inner->lock);
	inner->data.value = outer->data.value;
	raw_spin_unlock(&inner->lock);
	unlock_irq(raw_spin, &outer->lock, flags);
}

void c_nested_raw_under_spin(struct spin *outer, struct raw *inner)
{
	unsigned long outer_flags, flags;

	lock_irq(spin, &outer->lock, outer_flags);
	lock_irq(raw_spin, &inner->lock, flags);
	inner->data.value = outer->data.value;
	unlock_irq(raw_spin, &inner->lock, flags);
	unlock_irq(spin, &outer->lock, outer_flags);
}

void c_nested_raw_under_spin_and_raw(struct spin *a, struct raw *b, struct raw *c)
{
	unsigned long outer_flags, flags;

	lock_irq(spin, &a->lock, outer_flags);
	raw_spin_lock(&b->lock);
	lock_irq(raw_spin, &c->lock, flags);
	c->data.value = a->data.value + b->data.value;
	unlock_irq(raw_spin, &c->lock, flags);
	raw_spin_unlock(&b->lock);
	unlock_irq(spin, &a->lock, outer_flags);
}

void c_nested_under_trylock(struct spin *outer, struct spin *inner)
{
	unsigned long outer_flags, flags;

	if (!trylock_irq(spin, &outer->lock, outer_flags))
		return;
	lock_irq(spin, &inner->lock, flags);
	inner->data.value = outer->data.value;
	unlock_irq(spin, &inner->lock, flags);
	unlock_irq(spin, &outer->lock, outer_flags);
}

void c_any_order(struct spin *outer, struct spin *inner)
{
	lock_any_order(&outer->lock);
	lock_any_order(&inner->lock);
	inner->data.value = outer->data.value;
	unlock_any_order(&outer->lock);
	inner->data.value++;
	unlock_any_order(&inner->lock);
}

#if KXX_COMPAT_IRQ_COUNTED
void c_local_interrupt_disable(struct raw *r)
{
	local_interrupt_disable();
	raw_spin_lock(&r->lock);
	r->data.value++;
	raw_spin_unlock(&r->lock);
	local_interrupt_enable();
}
#endif

void c_lock_with_irqs_off(struct raw *r, const void *irq)
{
	raw_spin_lock(&r->lock);
	r->data.value++;
	raw_spin_unlock(&r->lock);
}

void c_wait_event_lock_irq(wait_queue_head_t *wq_head, struct spin *s)
{
	unsigned long flags;

	lock_irq(spin, &s->lock, flags);
	wait_event_lock_irq(*wq_head, s->data.value, s->lock);
	s->data.value--;
	unlock_irq(spin, &s->lock, flags);
}

int c_wait_event_interruptible_lock_irq(wait_queue_head_t *wq_head, struct spin *s)
{
	unsigned long flags;
	int err;

	lock_irq(spin, &s->lock, flags);
	err = wait_event_interruptible_lock_irq(*wq_head, s->data.value, s->lock);
	unlock_irq(spin, &s->lock, flags);
	return err;
}

long c_wait_event_lock_irq_timeout(wait_queue_head_t *wq_head, struct spin *s, long timeout)
{
	unsigned long flags;
	long left;

	lock_irq(spin, &s->lock, flags);
	left = wait_event_lock_irq_timeout(*wq_head, s->data.value, s->lock, timeout);
	unlock_irq(spin, &s->lock, flags);
	return left;
}

long c_wait_event_interruptible_lock_irq_timeout(wait_queue_head_t *wq_head, struct spin *s,
						 long timeout)
{
	unsigned long flags;
	long left;

	lock_irq(spin, &s->lock, flags);
	left = wait_event_interruptible_lock_irq_timeout(*wq_head, s->data.value, s->lock, timeout);
	unlock_irq(spin, &s->lock, flags);
	return left;
}

int c_mm_insert_node(struct space *s, struct mapping *mapping, u64 size)
{
	int err = -EINVAL;

	spin_lock(&s->lock);
	if (unlikely(!size))
		goto unlock;
	err = drm_mm_insert_node(&s->mm, &mapping->node, size);
	if (err)
		goto unlock;
	spin_unlock(&s->lock);
	return 0;

unlock:
	spin_unlock(&s->lock);
	kfree(mapping);
	return err;
}

int c_mm_insert_node_in_range(struct space *s, struct mapping *mapping, u64 size, u64 alignment,
			      u64 start, u64 end)
{
	int err = -EINVAL;

	spin_lock(&s->lock);
	if (unlikely(!size || end < start))
		goto unlock;
	err = drm_mm_insert_node_in_range(&s->mm, &mapping->node, size, alignment, 0, start, end,
					  DRM_MM_INSERT_LOW);
	if (err)
		goto unlock;
	spin_unlock(&s->lock);
	return 0;

unlock:
	spin_unlock(&s->lock);
	kfree(mapping);
	return err;
}

int c_mm_reserve_node(struct space *s, struct mapping *mapping, u64 start, u64 size)
{
	int err = -EINVAL;

	spin_lock(&s->lock);
	if (unlikely(!size || start + size < start))
		goto unlock;
	mapping->node.start = start;
	mapping->node.size = size;
	mapping->node.color = 0;
	err = drm_mm_reserve_node(&s->mm, &mapping->node);
	if (err)
		goto unlock;
	spin_unlock(&s->lock);
	return 0;

unlock:
	spin_unlock(&s->lock);
	kfree(mapping);
	return err;
}

static noinline __cold void refuse(const struct space *s, const struct mapping *mapping,
				   const char *function)
{
	WARN(1, "drm_mm %s: %s() of another allocator's node %llu\n", s->name, function,
	     mapping->node.start);
}

static noinline __cold void drop(struct mapping *mapping)
{
	mapping->dropped = true;
}

/*
 * Checks, as kxx does, that the node belongs to this drm_mm. Documentation/drm_mm.rst states the
 * cost of the check.
 */
int c_mm_remove_node(struct space *s, struct mapping *mapping)
{
	spin_lock(&s->lock);
	if (unlikely(mapping->node.mm != &s->mm)) {
		refuse(s, mapping, "remove_node");
		drop(mapping);
		spin_unlock(&s->lock);
		return -EINVAL;
	}
	drm_mm_remove_node(&mapping->node);
	spin_unlock(&s->lock);
	kfree(mapping);
	return 0;
}

u64 c_mm_used(struct space *s)
{
	struct drm_mm_node *node, *next;
	u64 used = 0;

	spin_lock(&s->lock);
	drm_mm_for_each_node_safe(node, next, &s->mm)
		used += node->size;
	spin_unlock(&s->lock);
	return used;
}

blk_status_t c_queue_rq(struct blk_mq_hw_ctx *hctx, const struct blk_mq_queue_data *bd)
{
	struct request *rq = bd->rq;

	blk_mq_start_request(rq);
	blk_mq_end_request(rq, BLK_STS_OK);
	return BLK_STS_OK;
}

/* @list is void, since its type differs between kernels. */
void c_queue_rqs(void *list)
{
	struct io_comp_batch batch = {};
	struct request *rq;

	while ((rq = rq_list_pop((kxx_compat_rq_list *)list))) {
		kxx_compat_rq_popped(rq);
		blk_mq_start_request(rq);
		if (!blk_mq_add_to_batch(rq, &batch, false, blk_mq_end_request_batch))
			blk_mq_end_request(rq, BLK_STS_OK);
	}
	if (rq_list_peek(&batch.req_list))
		blk_mq_end_request_batch(&batch);
}

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("C functions and their twins in C++, to be compared");
