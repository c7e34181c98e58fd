/* SPDX-License-Identifier: GPL-2.0 */
/* glue/mm/gfp.h - <linux/gfp.h> for C++ */
#ifndef KXX_GLUE_GFP_H
#define KXX_GLUE_GFP_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
void *kxx_get_free_page(gfp_t flags);
/* 2^@order pages in one piece, each of which is freed by itself; or NULL */
void *kxx_get_split_pages(gfp_t flags, unsigned int order);
void kxx_free_page(const void *page);
KXX_END_DECLS

#endif
