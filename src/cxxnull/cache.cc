// SPDX-License-Identifier: GPL-2.0
#include "cache.hpp"

using namespace kxx;

namespace cxxnull {

Result<Box<CachePages::Page>> CachePages::Page::make()
{
	auto gfp = GFP_NOIO | __GFP_NOWARN;

	return Box<Page>::make(gfp, KXX_TRY(Box<Bytes>::make(gfp)));
}

CachePages::Page::Run CachePages::Page::next_run(unsigned int from) const
{
	unsigned int begin = from;

	while (begin < page_sectors && !is_valid(begin))
		begin++;

	unsigned int end = begin;

	while (end < page_sectors && is_valid(end))
		end++;
	return { begin, end };
}

Result<CachePages::Page *> CachePages::insert(unsigned long index)
{
	auto page = KXX_TRY(Page::make());
	Page *inserted = page.as_raw();

	KXX_TRY(pages_.insert(index, std::move(page), GFP_NOIO | __GFP_NOWARN));
	nr_pages_++;
	return inserted;
}

void CachePages::remove(unsigned long index)
{
	if (pages_.erase(index))
		nr_pages_--;
}

CachePages::Page *CachePages::next_to_evict(unsigned long &index)
{
	index = evict_from_;

	Page *page = find(index);

	if (!page) {
		index = 0;
		page = find(index);
	}
	/* No index follows the last possible one: begin again. */
	evict_from_ = index + 1;
	return page;
}

} // namespace cxxnull
