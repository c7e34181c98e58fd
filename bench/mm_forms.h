/* SPDX-License-Identifier: GPL-2.0 */
/* mm_forms.h - a way to hold nodes of a drm_mm, for mm_bench.c to measure */
#ifndef KXX_MM_FORMS_H
#define KXX_MM_FORMS_H

#include <kxx/glue/types.h>

/* All in process context. */
struct kxx_mm_form {
	const char *name;
	/* An allocator of @size units, with room to remember @nodes; or NULL. */
	void *(*make)(u64 size, size_t nodes);
	/* Reserves one unit, until free(). False if that failed. */
	bool (*reserve)(void *mm, u64 start);
	/* Makes a node of one unit and inserts it; takes it out and frees it. */
	bool (*insert)(void *mm);
	void (*remove)(void *mm);
	void (*free)(void *mm);
};

#define KXX_NR_MM_FORMS 3

/* In bytes. */
struct kxx_mm_sizes {
	size_t node;
	size_t mm;
};

KXX_BEGIN_DECLS
extern __visible const struct kxx_mm_form kxx_mm_forms[KXX_NR_MM_FORMS];
extern __visible const struct kxx_mm_sizes kxx_mm_sizes;

/*
 * Prints an allocator of [0, 64) with [8, 24) and [24, 32) taken to the log, and shows it
 * in the file kxx_mm of debugfs until it is given to kxx_mm_hide(); or NULL.
 */
__visible void *kxx_mm_show(void);
__visible void kxx_mm_hide(void *shown);
KXX_END_DECLS

#endif
