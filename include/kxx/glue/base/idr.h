/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/idr.h - <linux/idr.h> for C++ */
#ifndef KXX_GLUE_IDR_H
#define KXX_GLUE_IDR_H

#include <kxx/glue/types.h>

struct ida;

KXX_BEGIN_DECLS
void kxx_ida_init(struct ida *ida);
void ida_destroy(struct ida *ida);
int kxx_ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp);
void ida_free(struct ida *ida, unsigned int id);
KXX_END_DECLS

#endif
