/* SPDX-License-Identifier: GPL-2.0 */
/* glue/mm/drm_mm.h - <drm/drm_mm.h> for C++ */
#ifndef KXX_GLUE_DRM_MM_H
#define KXX_GLUE_DRM_MM_H

#include <kxx/glue/types.h>

struct drm_mm;
struct drm_mm_node;
struct drm_mm_scan;
struct seq_file;

#ifdef __cplusplus
enum drm_mm_insert_mode : unsigned int;
#else
#include <drm/drm_mm.h>
#endif

KXX_BEGIN_DECLS
typedef void kxx_drm_mm_color_adjust(const struct drm_mm_node *node, unsigned long color,
				     u64 *start, u64 *end);

void drm_mm_init(struct drm_mm *mm, u64 start, u64 size);
void kxx_drm_mm_set_color_adjust(struct drm_mm *mm, kxx_drm_mm_color_adjust *adjust);
void drm_mm_takedown(struct drm_mm *mm);
bool kxx_drm_mm_clean(const struct drm_mm *mm);
int drm_mm_insert_node_in_range(struct drm_mm *mm, struct drm_mm_node *node, u64 size,
				u64 alignment, unsigned long color, u64 start, u64 end,
				enum drm_mm_insert_mode mode);
int kxx_drm_mm_reserve_node(struct drm_mm *mm, struct drm_mm_node *node, u64 start, u64 size,
			    unsigned long color);
void drm_mm_remove_node(struct drm_mm_node *node);
/* Print to the log, with @name in front of each line, or to a file. */
void kxx_drm_mm_print(const struct drm_mm *mm, const char *name);
void kxx_drm_mm_print_seq(const struct drm_mm *mm, struct seq_file *file);

bool kxx_drm_mm_node_allocated(const struct drm_mm_node *node);
u64 kxx_drm_mm_node_start(const struct drm_mm_node *node);
u64 kxx_drm_mm_node_size(const struct drm_mm_node *node);
unsigned long kxx_drm_mm_node_color(const struct drm_mm_node *node);
struct drm_mm *kxx_drm_mm_node_mm(const struct drm_mm_node *node);
/* Sets node->mm to NULL; for a node that is not allocated */
void kxx_drm_mm_node_forget(struct drm_mm_node *node);

/* The node list ends at mm->head_node, which belongs to drm_mm and is not allocated. */
struct drm_mm_node *kxx_drm_mm_first_node(const struct drm_mm *mm);
struct drm_mm_node *kxx_drm_mm_node_after(const struct drm_mm_node *node);
const struct drm_mm_node *kxx_drm_mm_head_node(const struct drm_mm *mm);
struct drm_mm_node *__drm_mm_interval_first(const struct drm_mm *mm, u64 start, u64 last);

/* A hole is named by the node before it. kxx_drm_mm_next_hole() returns NULL after the last. */
bool kxx_drm_mm_hole_follows(const struct drm_mm_node *node);
const struct drm_mm_node *kxx_drm_mm_first_hole(const struct drm_mm *mm);
const struct drm_mm_node *kxx_drm_mm_next_hole(const struct drm_mm *mm,
					       const struct drm_mm_node *node);
u64 kxx_drm_mm_hole_node_start(const struct drm_mm_node *node);
u64 kxx_drm_mm_hole_size(const struct drm_mm_node *node);

void drm_mm_scan_init_with_range(struct drm_mm_scan *scan, struct drm_mm *mm, u64 size,
				 u64 alignment, unsigned long color, u64 start, u64 end,
				 enum drm_mm_insert_mode mode);
bool drm_mm_scan_add_block(struct drm_mm_scan *scan, struct drm_mm_node *node);
bool drm_mm_scan_remove_block(struct drm_mm_scan *scan, struct drm_mm_node *node);
struct drm_mm_node *drm_mm_scan_color_evict(struct drm_mm_scan *scan);
u64 kxx_drm_mm_scan_hit_start(const struct drm_mm_scan *scan);
u64 kxx_drm_mm_scan_hit_end(const struct drm_mm_scan *scan);
KXX_END_DECLS

#endif
