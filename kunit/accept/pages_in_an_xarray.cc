// SPDX-License-Identifier: GPL-2.0
/* An XArray of pages. */
#include <kxx/base/xarray.hpp>
#include <kxx/mm/gfp.hpp>

using namespace kxx;

Result<void> fill(const XArray<Page> &pages, unsigned long index) KXX_MAY_SLEEP
{
	KXX_TRY(pages.insert(index, KXX_TRY(Page::make(GFP_NOIO)), GFP_NOIO));
	return {};
}

unsigned char first_byte(XArray<Page> &pages, unsigned long index)
{
	unsigned char *bytes = pages.load(index);

	return bytes ? *bytes : 0;
}

void drop(const XArray<Page> &pages, unsigned long index)
{
	pages.erase(index);
}
