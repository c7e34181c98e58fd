// SPDX-License-Identifier: GPL-2.0
#include <linux/idr.h>

#include <kxx/glue/base/idr.h>

void kxx_ida_init(struct ida *ida)
{
	ida_init(ida);
}

int kxx_ida_alloc_min(struct ida *ida, unsigned int min, gfp_t gfp)
{
	return ida_alloc_min(ida, min, gfp);
}

