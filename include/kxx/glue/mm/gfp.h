/* SPDX-License-Identifier: GPL-2.0 */
/* glue/mm/gfp.h - <linux/gfp.h> for C++ */
#ifndef KXX_GLUE_GFP_H
#define KXX_GLUE_GFP_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
void *kxx_get_free_page(gfp_t flags);
/* Returns 2^@order contiguous pages, to be freed one by one, or NULL. */
void *kxx_get_split_pages(gfp_t flags, unsigned int order);
void kxx_free_page(const void *page);
KXX_END_DECLS

#endif
