/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/xarray.h - <linux/xarray.h> for C++ */
#ifndef KXX_GLUE_XARRAY_H
#define KXX_GLUE_XARRAY_H

#include <kxx/glue/types.h>

struct xarray;

KXX_BEGIN_DECLS
void kxx_xa_init(struct xarray *xa);
void xa_destroy(struct xarray *xa);
void *xa_load(struct xarray *xa, unsigned long index);
int kxx_xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp);
void *xa_erase(struct xarray *xa, unsigned long index);
void *kxx_xa_find(struct xarray *xa, unsigned long *index);
KXX_END_DECLS

#endif
