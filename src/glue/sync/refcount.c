// SPDX-License-Identifier: GPL-2.0
#include <linux/refcount.h>

#include <kxx/glue/sync/refcount.h>

__always_inline void kxx_refcount_set(struct refcount_struct *r, int n)
{
	refcount_set(r, n);
}

__always_inline void kxx_refcount_inc(struct refcount_struct *r)
{
	refcount_inc(r);
}

__always_inline bool kxx_refcount_dec_and_test(struct refcount_struct *r)
{
	return refcount_dec_and_test(r);
}
