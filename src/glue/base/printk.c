// SPDX-License-Identifier: GPL-2.0
#include <linux/bug.h>
#include <linux/printk.h>

#include <kxx/glue/base/printk.h>

void kxx_warn(const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	WARN(1, "%pV", &vaf);
	va_end(args);
}

__always_inline void kxx_bug(void)
{
	BUG();
}
