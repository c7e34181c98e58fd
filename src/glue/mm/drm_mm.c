// SPDX-License-Identifier: GPL-2.0
#include <drm/drm_mm.h>
#include <drm/drm_print.h>
#include <linux/printk.h>

#include <kxx/glue/mm/drm_mm.h>

void kxx_drm_mm_set_color_adjust(struct drm_mm *mm, kxx_drm_mm_color_adjust *adjust)
{
	mm->color_adjust = adjust;
}

__always_inline bool kxx_drm_mm_clean(const struct drm_mm *mm)
{
	return drm_mm_clean(mm);
}

__always_inline
int kxx_drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node, u64 start, u64 size,
			    unsigned long color)
{
	node->start = start;
	node->size = size;
	node->color = color;
	return drm_mm_reserve_node(mm, node);
}

static void print_to_log(struct drm_printer *p, struct va_format *vaf)
{
	pr_info("drm_mm %s: %pV", (const char *)p->arg, vaf);
}

void kxx_drm_mm_print(const struct drm_mm *mm, const char *name)
{
	struct drm_printer p = { .printfn = print_to_log, .arg = (void *)name };

	drm_mm_print(mm, &p);
}

void kxx_drm_mm_print_seq(const struct drm_mm *mm, struct seq_file *file)
{
	struct drm_printer p = drm_seq_file_printer(file);

	drm_mm_print(mm, &p);
}

__always_inline bool kxx_drm_mm_node_allocated(const struct drm_mm_node *node)
{
	return drm_mm_node_allocated(node);
}

__always_inline u64 kxx_drm_mm_node_start(const struct drm_mm_node *node)
{
	return node->start;
}

__always_inline u64 kxx_drm_mm_node_size(const struct drm_mm_node *node)
{
	return node->size;
}

__always_inline unsigned long kxx_drm_mm_node_color(const struct drm_mm_node *node)
{
	return node->color;
}

void kxx_drm_mm_node_forget(struct drm_mm_node *node)
{
	node->mm = NULL;
}

__always_inline struct drm_mm *kxx_drm_mm_node_mm(const struct drm_mm_node *node)
{
	return node->mm;
}

__always_inline struct drm_mm_node *kxx_drm_mm_first_node(const struct drm_mm *mm)
{
	return list_entry(drm_mm_nodes(mm)->next, struct drm_mm_node, node_list);
}

__always_inline struct drm_mm_node *kxx_drm_mm_node_after(const struct drm_mm_node *node)
{
	return list_entry(node->node_list.next, struct drm_mm_node, node_list);
}

__always_inline const struct drm_mm_node *kxx_drm_mm_head_node(const struct drm_mm *mm)
{
	return &mm->head_node;
}

__always_inline bool kxx_drm_mm_hole_follows(const struct drm_mm_node *node)
{
	return drm_mm_hole_follows(node);
}

__always_inline const struct drm_mm_node *kxx_drm_mm_first_hole(const struct drm_mm *mm)
{
	return list_empty(&mm->hole_stack) ?
		       NULL : list_entry(mm->hole_stack.next, struct drm_mm_node, hole_stack);
}

__always_inline
const struct drm_mm_node *kxx_drm_mm_next_hole(const struct drm_mm *mm,
					       const struct drm_mm_node *node)
{
	return list_is_last(&node->hole_stack, &mm->hole_stack) ?
		       NULL : list_next_entry(node, hole_stack);
}

__always_inline u64 kxx_drm_mm_hole_node_start(const struct drm_mm_node *node)
{
	return drm_mm_hole_node_start(node);
}

__always_inline u64 kxx_drm_mm_hole_size(const struct drm_mm_node *node)
{
	return node->hole_size;
}

u64 kxx_drm_mm_scan_hit_start(const struct drm_mm_scan *scan)
{
	return scan->hit_start;
}

u64 kxx_drm_mm_scan_hit_end(const struct drm_mm_scan *scan)
{
	return scan->hit_end;
}
