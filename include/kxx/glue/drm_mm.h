/* SPDX-License-Identifier: GPL-2.0 */
/* glue/drm_mm.h - <drm/drm_mm.h> for C++ */
#ifndef KXX_GLUE_DRM_MM_H
#define KXX_GLUE_DRM_MM_H

#include <kxx/glue/types.h>

struct drm_mm;
struct drm_mm_node;

KXX_BEGIN_DECLS
void kxx_drm_mm_init(struct drm_mm *mm, u64 start, u64 size);
void kxx_drm_mm_takedown(struct drm_mm *mm);
bool kxx_drm_mm_clean(const struct drm_mm *mm);
int kxx_drm_mm_insert_node_in_range(struct drm_mm *mm, struct drm_mm_node *node, u64 size,
				    u64 alignment, unsigned long color, u64 start, u64 end,
				    unsigned int mode);
int kxx_drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node, u64 start, u64 size);
void kxx_drm_mm_remove_node(struct drm_mm_node *node);
bool kxx_drm_mm_node_allocated(const struct drm_mm_node *node);
u64 kxx_drm_mm_node_start(const struct drm_mm_node *node);
u64 kxx_drm_mm_node_size(const struct drm_mm_node *node);
struct drm_mm *kxx_drm_mm_node_mm(const struct drm_mm_node *node);
struct drm_mm_node *kxx_drm_mm_first_node(struct drm_mm *mm);
KXX_END_DECLS

#endif
