// SPDX-License-Identifier: GPL-2.0
#include <linux/kstrtox.h>
#include <linux/sysfs.h>

#include <kxx/glue/fs/sysfs.h>

int kxx_sysfs_emit_at(char *buf, int at, const char *fmt, va_list args)
{
	va_list copy;
	struct va_format vaf = { .fmt = fmt, .va = &copy };
	int length;

	va_copy(copy, args);
	length = sysfs_emit_at(buf, at, "%pV", &vaf);
	va_end(copy);
	return length;
}

