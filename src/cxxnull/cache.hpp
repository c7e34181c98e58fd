/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cache.hpp - a volatile write-back cache before what keeps a disk's data
 *
 * null_blk's cache_size: what is written is in the cache until it is flushed, or
 * pushed out by what comes later; what is in it when the disk goes is lost. So a
 * file system that forgets to flush can be caught.
 */
#pragma once

#include <optional>
#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/glue/sync/sched.h>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/base/string.hpp>
#include <kxx/base/xarray.hpp>

namespace cxxnull {

/**
 * CachePages - the pages of a cache: bytes, and which sectors of them count
 *
 * Owns them. Knows nothing of what is behind the cache. Pinned.
 * Context: process, may sleep, under the lock that guards this.
 */
class CachePages {
public:
	static constexpr unsigned int sector_size = 1 << KXX_SECTOR_SHIFT;
	static constexpr unsigned int page_size = KXX_PAGE_SIZE;
	static constexpr unsigned int page_sectors = page_size / sector_size;

	/** Page - a page of the disk; of sectors not in @valid the bytes mean nothing */
	class Page {
	public:
		/** make - with no valid sector; -ENOMEM */
		static kxx::Result<kxx::Box<Page>> make() KXX_MAY_SLEEP;

		unsigned char *bytes() const KXX_LIFETIMEBOUND { return bytes_->bytes; }
		bool is_valid(unsigned int sector) const { return valid_ & (1ul << sector); }
		void set_valid(unsigned int sector) { valid_ |= 1ul << sector; }
		void clear_valid(unsigned int sector) { valid_ &= ~(1ul << sector); }
		bool is_empty() const { return !valid_; }

		/** next_run - the first run of valid sectors from @from on; empty at the end */
		struct Run {
			unsigned int begin, end;
		};
		Run next_run(unsigned int from) const;

	private:
		friend kxx::Box<Page>;

		struct Bytes {
			unsigned char bytes[page_size];
		};

		explicit Page(kxx::Box<Bytes> bytes) : bytes_(std::move(bytes)) {}

		static_assert(page_sectors <= 8 * sizeof(unsigned long));

		kxx::Box<Bytes> bytes_;
		unsigned long valid_ = 0;
	};

	explicit CachePages(u64 max_bytes)
		: max_pages_(max_bytes < page_size ? 1 : max_bytes / page_size)
	{
	}

	/** load - the page at @index, borrowed until it is removed, or NULL */
	Page *load(unsigned long index) { return pages_.load(index); }
	/** find - the next page from @index on, borrowed, or NULL; @index becomes its */
	Page *find(unsigned long &index) { return pages_.find(index); }
	/** insert - an empty page at @index, where none is; -ENOMEM */
	kxx::Result<Page *> insert(unsigned long index) KXX_MAY_SLEEP;
	void remove(unsigned long index) KXX_MAY_SLEEP;

	bool is_full() const { return nr_pages_ >= max_pages_; }
	u64 nr_pages() const { return nr_pages_; }

	/** next_to_evict - in turn, by index; @index is set; NULL if there is none */
	Page *next_to_evict(unsigned long &index);

private:
	kxx::XArray<kxx::Box<Page>> pages_;
	const u64 max_pages_;
	u64 nr_pages_ = 0;
	unsigned long evict_from_ = 0;
};

/**
 * Cache - at most so many bytes that were written and are not in the @Backing yet
 * @Backing: what keeps the data, with the methods
 *             void read(u64 offset, unsigned char *to, unsigned int size);
 *             Result<void> write(u64 offset, const unsigned char *from, unsigned int size);
 *             void discard(u64 offset, u64 size);
 *           all of which may be KXX_MAY_SLEEP. Reads and writes are within one page;
 *           what was not written reads as zeroes.
 *
 * Borrows the backing, which must outlive it. Dropped, it loses what was not flushed.
 * One mutex for all of it, which is held while the backing is called.
 *
 * What null_blk does otherwise: a write to a page that the backing has already
 * goes past null_blk's cache, and is not lost; what could not be pushed out of it
 * makes it larger than it may be.
 *
 * Pinned. Context: process, may sleep.
 *
 *     auto cache = KXX_TRY(Cache<Store>::make(store, u64{ params.cache_size } << 20));
 *     limits.write_cache = true, limits.fua = params.fua;
 *     ...
 *     if (rq->op() == ReqOp::FLUSH)
 *             KXX_TRY(cache->flush());
 *     KXX_TRY(cache->write(offset, data, size, rq->is_fua()));
 */
template <typename Backing> class Cache {
public:
	/** make - for at most @bytes, whole pages and at least one; -ENOMEM */
	static kxx::Result<kxx::Box<Cache>> make(Backing &backing KXX_LIFETIMEBOUND,
						 u64 bytes) KXX_MAY_SLEEP
	{
		return kxx::Box<Cache>::make(kxx::GFP_KERNEL, backing, bytes);
	}

	Cache(Backing &backing KXX_LIFETIMEBOUND, u64 bytes) : backing_(backing), pages_(bytes) {}
	Cache(const Cache &) = delete;
	Cache &operator=(const Cache &) = delete;
	~Cache() = default;

	/** read - @size bytes from @offset; all within one page */
	void read(u64 offset, unsigned char *to, unsigned int size) KXX_MAY_SLEEP
	{
		auto pages = pages_.lock();
		auto *page = pages->load(offset / page_size);

		if (!page)
			return backing_.read(offset, to, size);
		for_each_sector(offset, size, [&](const Piece &piece) KXX_MAY_SLEEP {
			if (page->is_valid(piece.sector))
				kxx::memcpy(to + piece.done, page->bytes() + piece.in_page,
					    piece.size);
			else
				backing_.read(offset + piece.done, to + piece.done, piece.size);
		});
	}

	/**
	 * write - @size bytes to @offset, all within one page
	 * @fua: REQ_FUA: to the backing, past the cache
	 *
	 * What the backing returns if it is called: for @fua, to make room, and where
	 * there is no memory for the cache. Then nothing is lost that was there.
	 */
	kxx::Result<void> write(u64 offset, const unsigned char *from, unsigned int size,
				bool fua) KXX_MAY_SLEEP
	{
		auto pages = pages_.lock();

		if (fua)
			return write_through(*pages, offset, from, size);
		if (!pages->load(offset / page_size)) {
			KXX_TRY(make_room(*pages));
			if (!pages->insert(offset / page_size))
				return backing_.write(offset, from, size);
		}

		auto &page = *pages->load(offset / page_size);

		for_each_sector(offset, size, [&](const Piece &piece) KXX_MAY_SLEEP {
			if (!piece.is_whole() && !page.is_valid(piece.sector))
				fill(page, offset + piece.done);
			kxx::memcpy(page.bytes() + piece.in_page, from + piece.done, piece.size);
			page.set_valid(piece.sector);
		});
		return {};
	}

	/** discard - @size bytes from @offset need not be kept; whole sectors */
	void discard(u64 offset, u64 size) KXX_MAY_SLEEP
	{
		auto pages = pages_.lock();
		unsigned long index = offset / page_size;

		while (auto *page = pages->find(index)) {
			u64 start = u64{ index } * page_size;

			if (start >= offset + size)
				break;
			for (unsigned int sector = 0; sector < page_sectors; sector++) {
				u64 at = start + u64{ sector } * sector_size;

				if (at >= offset && at + sector_size <= offset + size)
					page->clear_valid(sector);
			}
			if (page->is_empty())
				pages->remove(index);
			index++;
			kxx_cond_resched();
		}
		backing_.discard(offset, size);
	}

	/** flush - REQ_OP_FLUSH: all to the backing; its first error, and the rest stays here */
	kxx::Result<void> flush() KXX_MAY_SLEEP
	{
		auto pages = pages_.lock();
		unsigned long index = 0;

		while (auto *page = pages->find(index)) {
			KXX_TRY(write_back(*pages, index, *page));
			kxx_cond_resched();
		}
		return {};
	}

	/** bytes - that are in the cache, in whole pages */
	u64 bytes() KXX_MAY_SLEEP
	{
		return pages_.with_locked(
			[](CachePages &pages) { return pages.nr_pages() * page_size; });
	}

private:
	using Page = CachePages::Page;

	static constexpr unsigned int page_size = CachePages::page_size;
	static constexpr unsigned int sector_size = CachePages::sector_size;
	static constexpr unsigned int page_sectors = CachePages::page_sectors;
	/* As many as null_blk pushes out at a time. */
	static constexpr unsigned int evict_pages = 16;

	/* The part of a range that is in one sector. */
	struct Piece {
		unsigned int sector;  /* of the page */
		unsigned int in_page; /* in bytes, as the next two */
		unsigned int done;    /* where in the range */
		unsigned int size;

		bool is_whole() const { return size == sector_size; }
	};

	/* @f(piece) for each sector of a range within a page. */
	template <typename F>
	static void for_each_sector(u64 offset, unsigned int size, F &&f) KXX_MAY_SLEEP
	{
		for (unsigned int done = 0; done < size;) {
			unsigned int in_page = (offset + done) % page_size;
			unsigned int room = sector_size - in_page % sector_size;
			unsigned int left = size - done;
			Piece piece = { .sector = in_page / sector_size,
					.in_page = in_page,
					.done = done,
					.size = left < room ? left : room };

			f(piece);
			done += piece.size;
		}
	}

	/* The sector of @offset, as the backing has it: a part of it is to be written. */
	void fill(Page &page, u64 offset) KXX_MAY_SLEEP
	{
		u64 start = offset - offset % sector_size;

		backing_.read(start, page.bytes() + start % page_size, sector_size);
	}

	kxx::Result<void> write_through(CachePages &pages, u64 offset, const unsigned char *from,
					unsigned int size) KXX_MAY_SLEEP
	{
		KXX_TRY(backing_.write(offset, from, size));

		auto *page = pages.load(offset / page_size);

		if (!page)
			return {};
		/* What the cache has of it is old; of a part of a sector it is to have both. */
		for_each_sector(offset, size, [&](const Piece &piece) {
			if (piece.is_whole())
				page->clear_valid(piece.sector);
			else
				kxx::memcpy(page->bytes() + piece.in_page, from + piece.done,
					    piece.size);
		});
		if (page->is_empty())
			pages.remove(offset / page_size);
		return {};
	}

	/* To the backing, and out of the cache; it stays there if that fails. */
	kxx::Result<void> write_back(CachePages &pages, unsigned long index,
				     Page &page) KXX_MAY_SLEEP
	{
		for (auto run = page.next_run(0); run.begin < run.end;
		     run = page.next_run(run.end)) {
			unsigned int in_page = run.begin * sector_size;

			KXX_TRY(backing_.write(u64{ index } * page_size + in_page,
					       page.bytes() + in_page,
					       (run.end - run.begin) * sector_size));
		}
		pages.remove(index);
		return {};
	}

	kxx::Result<void> make_room(CachePages &pages) KXX_MAY_SLEEP
	{
		unsigned long index;

		for (unsigned int i = 0; i < evict_pages && (i || pages.is_full()); i++) {
			auto *page = pages.next_to_evict(index);

			if (!page)
				break;

			auto written = write_back(pages, index, *page);

			/* There is room, if not as much as was to be made. */
			if (!written && pages.is_full())
				return written;
			if (!written)
				break;
		}
		return {};
	}

	Backing &backing_;
	kxx::Mutex<CachePages> pages_;
};

} // namespace cxxnull
