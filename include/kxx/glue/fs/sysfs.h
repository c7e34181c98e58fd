/* SPDX-License-Identifier: GPL-2.0 */
/* glue/fs/sysfs.h - <linux/sysfs.h> and <linux/kstrtox.h> for C++ */
#ifndef KXX_GLUE_SYSFS_H
#define KXX_GLUE_SYSFS_H

#include <kxx/glue/types.h>

#ifdef __cplusplus
#include <stdarg.h>
#else
#include <linux/stdarg.h>
#endif

KXX_BEGIN_DECLS
/* sysfs_emit_at(); @buf must be the page that show() got */
int kxx_sysfs_emit_at(char *buf, int at, const char *fmt, va_list args)
	__attribute__((format(printf, 3, 0)));

int kstrtouint(const char *s, unsigned int base, unsigned int *result);
int kstrtoull(const char *s, unsigned int base, unsigned long long *result);
int kstrtobool(const char *s, bool *result);
bool sysfs_streq(const char *s1, const char *s2);
KXX_END_DECLS

#endif
