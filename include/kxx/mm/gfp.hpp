/* SPDX-License-Identifier: GPL-2.0 */
/*
 * gfp.hpp - pages that free themselves
 * Wraps <linux/gfp.h>. Glue: glue/mm/gfp.h
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/annotations.hpp>
#include <kxx/sync/context.hpp>
#include <kxx/base/err.hpp>
#include <kxx/glue/mm/gfp.h>
#include <kxx/base/layout.hpp>
#include <kxx/mm/slab.hpp>

namespace kxx {

/**
 * Page - Owns one page: KXX_PAGE_SIZE bytes of the linear mapping
 *
 * __get_free_page() and free_page(). The bytes are not cleared. Never empty, except after a move.
 * Context: make(): depends on its gfp flags. Destructor: any except NMI, on PREEMPT_RT only with
 * preemption and interrupts enabled.
 *
 *     Page page = KXX_TRY(Page::make(GFP_NOIO));
 *     memset(page.bytes(), 0, KXX_PAGE_SIZE);
 */
class [[nodiscard]] Page {
public:
	/** make - Allocates a page; -ENOMEM */
	static Result<Page> make(GfpMaySleep gfp) KXX_MAY_SLEEP { return from_gfp(gfp.raw()); }
	static Result<Page> make(GfpAtomic gfp) { return from_gfp(gfp.raw()); }

	Page(Page &&other) : bytes_(std::exchange(other.bytes_, nullptr)) {}
	Page &operator=(Page &&) = delete;
	Page(const Page &) = delete;
	Page &operator=(const Page &) = delete;
	~Page()
	{
		if (bytes_)
			kxx_free_page(bytes_);
	}

	unsigned char *bytes() const KXX_LIFETIMEBOUND { return bytes_; }
	/** as_raw - The same, for an XArray<Page> */
	unsigned char *as_raw() const KXX_LIFETIMEBOUND { return bytes_; }

	/** into_raw - Releases the page to the caller, who must pass it to from_raw() later */
	[[nodiscard("nobody else frees the page")]] unsigned char *into_raw() &&
	{
		return std::exchange(bytes_, nullptr);
	}
	/** from_raw - Takes over a page that into_raw() returned */
	static Page from_raw(void *bytes) { return Page(bytes); }

private:
	explicit Page(void *bytes) : bytes_(static_cast<unsigned char *>(bytes)) {}

	static Result<Page> from_gfp(gfp_t flags)
	{
		void *bytes = kxx_get_free_page(flags);

		if (!bytes)
			return ENOMEM;
		return Page(bytes);
	}

	unsigned char *bytes_;
};

/**
 * SplitPages - Owns contiguous pages, which take() returns one by one
 *
 * alloc_pages() and split_page(): each page can be freed on its own. Context: the same as for Page.
 */
class [[nodiscard]] SplitPages {
public:
	/** make - Allocates 2^@order pages; -ENOMEM */
	static Result<SplitPages> make(GfpAtomic gfp, unsigned int order)
	{
		void *bytes = kxx_get_split_pages(gfp.raw(), order);

		if (!bytes)
			return ENOMEM;
		return SplitPages(static_cast<unsigned char *>(bytes), 1u << order);
	}

	SplitPages(SplitPages &&other)
		: next_(std::exchange(other.next_, nullptr)), left_(std::exchange(other.left_, 0))
	{
	}
	SplitPages &operator=(SplitPages &&) = delete;
	SplitPages(const SplitPages &) = delete;
	SplitPages &operator=(const SplitPages &) = delete;
	~SplitPages()
	{
		while (auto page = take()) {
		}
	}

	/** take - Returns the next page, or nothing after the last one */
	std::optional<Page> take()
	{
		if (!left_)
			return std::nullopt;
		left_--;
		return Page::from_raw(std::exchange(next_, next_ + KXX_PAGE_SIZE));
	}

private:
	SplitPages(unsigned char *next, unsigned int left) : next_(next), left_(left) {}

	unsigned char *next_;
	unsigned int left_;
};

} // namespace kxx
