// SPDX-License-Identifier: GPL-2.0
#include <drm/drm_mm.h>

#include <kxx/glue/drm_mm.h>

void kxx_drm_mm_init(struct drm_mm *mm, u64 start, u64 size)
{
	drm_mm_init(mm, start, size);
}

void kxx_drm_mm_takedown(struct drm_mm *mm)
{
	drm_mm_takedown(mm);
}

bool kxx_drm_mm_clean(const struct drm_mm *mm)
{
	return drm_mm_clean(mm);
}

int kxx_drm_mm_insert_node_in_range(struct drm_mm *mm, struct drm_mm_node *node, u64 size,
				    u64 alignment, unsigned long color, u64 start, u64 end,
				    unsigned int mode)
{
	return drm_mm_insert_node_in_range(mm, node, size, alignment, color, start, end, mode);
}

int kxx_drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node, u64 start, u64 size)
{
	node->start = start;
	node->size = size;
	return drm_mm_reserve_node(mm, node);
}

void kxx_drm_mm_remove_node(struct drm_mm_node *node)
{
	drm_mm_remove_node(node);
}

bool kxx_drm_mm_node_allocated(const struct drm_mm_node *node)
{
	return drm_mm_node_allocated(node);
}

u64 kxx_drm_mm_node_start(const struct drm_mm_node *node)
{
	return node->start;
}

u64 kxx_drm_mm_node_size(const struct drm_mm_node *node)
{
	return node->size;
}

struct drm_mm *kxx_drm_mm_node_mm(const struct drm_mm_node *node)
{
	return node->mm;
}

struct drm_mm_node *kxx_drm_mm_first_node(struct drm_mm *mm)
{
	return list_first_entry_or_null(drm_mm_nodes(mm), struct drm_mm_node, node_list);
}
