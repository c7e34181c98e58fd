/* SPDX-License-Identifier: GPL-2.0 */
/* glue/base/printk.h - <linux/printk.h> and WARN() for C++ */
#ifndef KXX_GLUE_PRINTK_H
#define KXX_GLUE_PRINTK_H

#include <kxx/glue/types.h>

KXX_BEGIN_DECLS
#ifdef __cplusplus
/* The kernel's own export; C has it from <linux/printk.h>. */
int _printk(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
#endif

/* WARN(1, ...): a line and a stack trace in the log, and the kernel goes on. */
void __cold kxx_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* BUG(). Not declared noreturn: objtool knows only the kernel's own noreturn functions. */
void kxx_bug(void);
KXX_END_DECLS

#endif
