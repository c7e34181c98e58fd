// SPDX-License-Identifier: GPL-2.0
#include <utility>

#include "page_limit.hpp"
#include "pool.hpp"

using namespace kxx;

namespace cxxnull {

void PageLimit::add(Pool &pool)
{
	auto pools = pools_.lock();

	pool.next_ = std::exchange(pools->first, &pool);
}

void PageLimit::remove(Pool &pool)
{
	auto pools = pools_.lock();

	for (Pool **link = &pools->first; *link; link = &(*link)->next_) {
		if (*link != &pool)
			continue;
		*link = pool.next_;
		return;
	}
}

void PageLimit::release_reserves()
{
	auto pools = pools_.lock();

	for (Pool *pool = pools->first; pool; pool = pool->next_)
		pool->release_reserve();
}

/*
 * Adds up counters that never decrease, as Pool::is_full() does. If the count of retired pages is
 * the same before and after, no page was retired in between, so the sum is right for one moment. A
 * page that waits for a grace period is charged but not published: the sum stays below the limit.
 */
bool PageLimit::is_used_up()
{
	auto pools = pools_.lock();
	auto unpublished_pages = [&pools] {
		s64 pages = 0;

		for (Pool *pool = pools->first; pool; pool = pool->next_)
			pages += pool->space_.lock()->unpublished;
		return pages;
	};
	s64 unpublished = unpublished_pages();
	s64 published = 0;

	for (Pool *pool = pools->first; pool; pool = pool->next_)
		published += pool->published_pages();
	return published - unpublished == pages_ && unpublished_pages() == unpublished;
}

} // namespace cxxnull
