/* SPDX-License-Identifier: GPL-2.0 */
/* glue/sync/refcount.h - <linux/refcount.h> for C++ */
#ifndef KXX_GLUE_REFCOUNT_H
#define KXX_GLUE_REFCOUNT_H

#include <kxx/glue/types.h>

struct refcount_struct;

KXX_BEGIN_DECLS
void kxx_refcount_set(struct refcount_struct *r, int n);
void kxx_refcount_inc(struct refcount_struct *r);
bool kxx_refcount_dec_and_test(struct refcount_struct *r);
KXX_END_DECLS

#endif
