// SPDX-License-Identifier: GPL-2.0
#include <linux/gfp.h>
#include <linux/mm.h>

#include <kxx/glue/mm/gfp.h>

void *kxx_get_free_page(gfp_t flags)
{
	return (void *)__get_free_page(flags);
}

void *kxx_get_split_pages(gfp_t flags, unsigned int order)
{
	struct page *page = alloc_pages(flags, order);

	if (!page)
		return NULL;
	split_page(page, order);
	return page_address(page);
}

void kxx_free_page(const void *page)
{
	free_page((unsigned long)page);
}
