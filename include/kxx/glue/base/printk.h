/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/printk.h - <linux/printk.h> and WARN() for C++ */
#ifndef KXX_GLUE_PRINTK_H
#define KXX_GLUE_PRINTK_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
#ifdef __cplusplus
/* An export of the kernel, declared for C++ only: C includes <linux/printk.h>. */
int _printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#endif

/* WARN(1, ...): logs the message and a stack trace; returns */
void __cold kxx_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* BUG(); not declared noreturn, because objtool knows only the kernel's noreturn functions */
void kxx_bug(void);
KXX_END_DECLS

#endif
