/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/err.h - <linux/err.h> for C++ */
#ifndef KXX_GLUE_ERR_H
#define KXX_GLUE_ERR_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
bool kxx_is_err(const void *pointer);
int kxx_ptr_err(const void *pointer);
void *kxx_err_ptr(int err);
KXX_END_DECLS

#endif
