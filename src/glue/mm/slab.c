// SPDX-License-Identifier: GPL-2.0
#include <linux/mm.h>
#include <linux/slab.h>

#include <kxx/glue/mm/slab.h>

__always_inline void *kxx_kmalloc(size_t size, gfp_t flags)
{
	return kmalloc(size, flags);
}

__always_inline void kxx_kfree(const void *object)
{
	kfree(object);
}

void *kxx_kvmalloc_array(size_t n, size_t size, gfp_t flags)
{
	return kvmalloc_array(n, size, flags);
}

unsigned long kxx_totalram_pages(void)
{
	return totalram_pages();
}
