// SPDX-License-Identifier: GPL-2.0
/*
 * mm_bench.c - the module kxx_mm_bench: measures the cost of a drm_mm node when loaded
 *
 * Measures C and the three forms of kxx. In a guest in which one instruction takes one tick of
 * the TSC, the output is in instructions.
 */
#include <asm/msr.h>
#include <drm/drm_mm.h>
#include <linux/init.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "mm_forms.h"

static unsigned int most = 1000000;
module_param(most, uint, 0444);
MODULE_PARM_DESC(most, "No allocator with more nodes than this. Default: 1000000");

static unsigned int rounds = 1000;
module_param(rounds, uint, 0444);
MODULE_PARM_DESC(rounds, "The least of how many insertions and removals. Default: 1000");

struct c_form {
	spinlock_t lock; /* protects mm */
	struct drm_mm mm;
	struct drm_mm_node *one;
	size_t nr_nodes;
	struct drm_mm_node *nodes[];
};

static void *c_make(u64 size, size_t nodes)
{
	struct c_form *form = kvzalloc(struct_size(form, nodes, nodes), GFP_KERNEL);

	if (!form)
		return NULL;
	spin_lock_init(&form->lock);
	drm_mm_init(&form->mm, 0, size);
	return form;
}

static bool c_reserve(void *mm, u64 start)
{
	struct drm_mm_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	struct c_form *form = mm;
	int err;

	if (!node)
		return false;
	node->start = start;
	node->size = 1;
	spin_lock(&form->lock);
	err = drm_mm_reserve_node(&form->mm, node);
	spin_unlock(&form->lock);
	if (err) {
		kfree(node);
		return false;
	}
	form->nodes[form->nr_nodes++] = node;
	return true;
}

static bool c_insert(void *mm)
{
	struct drm_mm_node *node = kzalloc(sizeof(*node), GFP_KERNEL);
	struct c_form *form = mm;
	int err;

	if (!node)
		return false;
	spin_lock(&form->lock);
	err = drm_mm_insert_node(&form->mm, node, 1);
	spin_unlock(&form->lock);
	if (err) {
		kfree(node);
		return false;
	}
	form->one = node;
	return true;
}

static void c_give_back(struct c_form *form, struct drm_mm_node *node)
{
	spin_lock(&form->lock);
	drm_mm_remove_node(node);
	spin_unlock(&form->lock);
	kfree(node);
}

static void c_remove(void *mm)
{
	struct c_form *form = mm;

	c_give_back(form, form->one);
}

static void c_free(void *mm)
{
	struct c_form *form = mm;

	while (form->nr_nodes)
		c_give_back(form, form->nodes[--form->nr_nodes]);
	drm_mm_takedown(&form->mm);
	kvfree(form);
}

static const struct kxx_mm_form c_form = {
	.name = "C",
	.make = c_make,
	.reserve = c_reserve,
	.insert = c_insert,
	.remove = c_remove,
	.free = c_free,
};

/* Measured to subtract the cost of the call and of the measurement. */
static noinline bool nothing(void *mm)
{
	return mm;
}

static u64 ticks_of(bool (*call)(void *), void *mm, bool *done)
{
	u64 start = rdtsc_ordered();

	*done = call(mm);
	return rdtsc_ordered() - start;
}

static int measure(const struct kxx_mm_form *form, void *mm, size_t nodes, const char *layout)
{
	u64 insert = U64_MAX, remove = U64_MAX, overhead = U64_MAX;
	unsigned int i;
	bool done;

	/* Take the minimum, since the slab allocator sometimes needs longer. */
	for (i = 0; i < rounds; i++) {
		u64 start;

		overhead = min(overhead, ticks_of(nothing, mm, &done));
		insert = min(insert, ticks_of(form->insert, mm, &done));
		if (!done)
			return -ENOMEM;
		start = rdtsc_ordered();
		form->remove(mm);
		remove = min(remove, rdtsc_ordered() - start);
	}
	pr_info("kxx_mm_bench: %s nodes=%zu %s insert=%llu remove=%llu\n", form->name, nodes,
		layout, insert - overhead, remove - overhead);
	return 0;
}

/* Nodes are @step units apart: 1 leaves no hole between the nodes, 2 leaves a hole after each. */
static int fill_and_measure(const struct kxx_mm_form *form, size_t nodes, unsigned int step,
			    const char *layout)
{
	void *mm = form->make(2 * (u64)nodes + 1, nodes);
	int err = mm ? 0 : -ENOMEM;
	size_t i;

	for (i = 0; !err && i < nodes; i++)
		if (!form->reserve(mm, i * step))
			err = -ENOMEM;
	if (!err)
		err = measure(form, mm, nodes, layout);
	if (mm)
		form->free(mm);
	return err;
}

static void *shown;

static int __init kxx_mm_bench_init(void)
{
	static const size_t sizes[] = { 1, 1000, 1000000 };
	size_t i, form;
	int err = 0;

	pr_info("kxx_mm_bench: drm_mm_node=%zu MmNode=%zu drm_mm=%zu Mm=%zu\n",
		sizeof(struct drm_mm_node), kxx_mm_sizes.node, sizeof(struct drm_mm),
		kxx_mm_sizes.mm);
	for (i = 0; !err && i < ARRAY_SIZE(sizes) && sizes[i] <= most; i++) {
		for (form = 0; !err && form <= KXX_NR_MM_FORMS; form++) {
			const struct kxx_mm_form *of = form ? &kxx_mm_forms[form - 1] : &c_form;

			err = fill_and_measure(of, sizes[i], 1, "in-order") ?:
			      fill_and_measure(of, sizes[i], 2, "fragmented");
		}
	}
	if (err)
		return err;
	shown = kxx_mm_show();
	return shown ? 0 : -ENOMEM;
}

static void __exit kxx_mm_bench_exit(void)
{
	kxx_mm_hide(shown);
}

module_init(kxx_mm_bench_init);
module_exit(kxx_mm_bench_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What a node of drm_mm costs");
