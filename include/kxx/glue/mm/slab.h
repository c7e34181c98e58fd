/* SPDX-License-Identifier: GPL-2.0 */
/* glue/mm/slab.h - <linux/slab.h> for C++ */
#ifndef KXX_GLUE_SLAB_H
#define KXX_GLUE_SLAB_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
void *kxx_kmalloc(size_t size, gfp_t flags);
/* A name other than kfree(): for kfree(), clang's analyzer has built-in rules of its own. */
void kxx_kfree(const void *object) KXX_TAKES(1);
void *kxx_kvmalloc_array(size_t n, size_t size, gfp_t flags);
void kvfree(const void *object) KXX_TAKES(1);
unsigned long kxx_totalram_pages(void);
KXX_END_DECLS

#endif
