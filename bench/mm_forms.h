/* SPDX-License-Identifier: GPL-2.0 */
/* mm_forms.h - interface between mm_bench.c and the forms of drm_mm that it measures */
#ifndef KXX_MM_FORMS_H
#define KXX_MM_FORMS_H

#include <kxx/glue/types.h>

/* Called in process context. */
struct kxx_mm_form {
	const char *name;
	/* Makes an allocator of @size units that can keep @nodes nodes. Returns NULL on failure. */
	void *(*make)(u64 size, size_t nodes);
	/* Reserves one unit until free(). Returns false on failure. */
	bool (*reserve)(void *mm, u64 start);
	/* insert() allocates a node of one unit and inserts it; remove() removes and frees it. */
	bool (*insert)(void *mm);
	void (*remove)(void *mm);
	void (*free)(void *mm);
};

#define KXX_NR_MM_FORMS 3

/* Sizes in bytes. */
struct kxx_mm_sizes {
	size_t node;
	size_t mm;
};

KXX_BEGIN_DECLS
extern __visible const struct kxx_mm_form kxx_mm_forms[KXX_NR_MM_FORMS];
extern __visible const struct kxx_mm_sizes kxx_mm_sizes;

/*
 * Makes an allocator of [0, 64) with [8, 24) and [24, 32) allocated, prints it to the log, and
 * shows it in the file kxx_mm of debugfs until kxx_mm_hide(). Returns NULL on failure.
 */
__visible void *kxx_mm_show(void);
__visible void kxx_mm_hide(void *shown);
KXX_END_DECLS

#endif
