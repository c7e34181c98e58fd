// SPDX-License-Identifier: GPL-2.0
#include <linux/xarray.h>

#include <kxx/glue/base/xarray.h>

void kxx_xa_init(struct xarray *xa)
{
	xa_init(xa);
}

int kxx_xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return xa_insert(xa, index, entry, gfp);
}

void *kxx_xa_find(struct xarray *xa, unsigned long *index)
{
	return xa_find(xa, index, ULONG_MAX, XA_PRESENT);
}
