// SPDX-License-Identifier: GPL-2.0
#include <linux/xarray.h>

#include <kxx/glue/base/xarray.h>

void kxx_xa_init(struct xarray *xa)
{
	xa_init(xa);
}

void kxx_xa_destroy(struct xarray *xa)
{
	xa_destroy(xa);
}

void *kxx_xa_load(struct xarray *xa, unsigned long index)
{
	return xa_load(xa, index);
}

int kxx_xa_insert(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	return xa_insert(xa, index, entry, gfp);
}

void *kxx_xa_erase(struct xarray *xa, unsigned long index)
{
	return xa_erase(xa, index);
}

void *kxx_xa_find(struct xarray *xa, unsigned long *index)
{
	return xa_find(xa, index, ULONG_MAX, XA_PRESENT);
}
