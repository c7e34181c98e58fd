/* SPDX-License-Identifier: GPL-2.0 */
/*
 * cache.hpp - a volatile write-back cache in front of a backing store
 *
 * Implements null_blk's cache_size. Written data stays in the cache until it is flushed or
 * evicted. Powering the disk off loses the data in the cache, and keeps the data in the backing
 * store. This exposes a file system that forgets to flush.
 */
#pragma once

#include <utility>

#include <kxx/base/err.hpp>
#include <kxx/glue/sync/sched.h>
#include <kxx/sync/mutex.hpp>
#include <kxx/mm/gfp.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/base/string.hpp>
#include <kxx/base/xarray.hpp>

#include "page_limit.hpp"

namespace cxxnull {

/**
 * Cache - holds written data that the @Backing lacks, up to a number of bytes
 * @Backing: type of the backing store, with the methods
 *             void read(u64 offset, unsigned char *to, unsigned int size);
 *             Result<void> write(u64 offset, const unsigned char *from, unsigned int size);
 *             void discard(u64 offset, u64 size);
 *           All of them may be KXX_MAY_SLEEP. Each read or write stays within one page. Bytes
 *           that were never written read as zeroes.
 *
 * Borrows the backing store, which must outlive the cache. The destructor drops data that was
 * not flushed. One mutex guards the whole cache and is held while the backing store is called.
 *
 * Charges each page to a limit that caches share. At that limit the cache evicts its own pages as
 * when it is full. Data that cannot be cached is written to the backing store.
 *
 * null_blk differs in two points: a write to a page that its backing store already has bypasses
 * the cache, and its cache exceeds the size limit if no page can be evicted.
 *
 * Pinned. Context: process, may sleep.
 */
template <typename Backing> class Cache {
public:
	/**
	 * Cache - creates a cache of @bytes, rounded down to whole pages, at least one page
	 * @limit: limit of the pages of several caches; no pool may charge pages to it
	 */
	Cache(Backing &backing KXX_LIFETIMEBOUND, u64 bytes, PageLimit &limit KXX_LIFETIMEBOUND)
		: backing_(backing), max_pages_(bytes < page_size ? 1 : bytes / page_size),
		  limit_(limit)
	{
	}
	~Cache() KXX_MAY_SLEEP
	{
		pages_.lock()->drain([this](kxx::Box<Page>) { limit_.uncharge(1); });
	}
	Cache(const Cache &) = delete;
	Cache &operator=(const Cache &) = delete;

	/** read - reads @size bytes at @offset, which lie within one page */
	void read(u64 offset, unsigned char *to, unsigned int size) KXX_MAY_SLEEP
	{
		auto pages = pages_.lock();
		const auto *page = pages->load(offset / page_size);

		if (!page)
			return backing_.read(offset, to, size);
		for_each_sector(offset, size, [&](const Piece &piece) KXX_MAY_SLEEP {
			if (page->is_valid(piece.sector))
				kxx::memcpy(to + piece.done, page->memory.bytes() + piece.in_page,
					    piece.size);
			else
				backing_.read(offset + piece.done, to + piece.done, piece.size);
		});
	}

	/**
	 * write - writes @size bytes at @offset, which lie within one page
	 * @fua: REQ_FUA: write to the backing store, not only to the cache
	 *
	 * Returns errors of the backing store, which is written to for @fua, and if the page cannot
	 * be cached. An error loses no data that was written before.
	 */
	kxx::Result<void> write(u64 offset, const unsigned char *from, unsigned int size,
				bool fua) KXX_MAY_SLEEP
	{
		auto pages = pages_.lock();

		if (fua)
			return write_through(*pages, offset, from, size);
		if (!pages->load(offset / page_size)) {
			make_room(*pages);
			if (!insert(*pages, offset / page_size))
				return backing_.write(offset, from, size);
		}

		Page &page = *pages->load(offset / page_size);

		for_each_sector(offset, size, [&](const Piece &piece) KXX_MAY_SLEEP {
			if (!piece.is_whole() && !page.is_valid(piece.sector))
				fill(page, offset + piece.done);
			kxx::memcpy(page.memory.bytes() + piece.in_page, from + piece.done,
				    piece.size);
			page.set_valid(piece.sector);
		});
		return {};
	}

	/** discard - discards @size bytes at @offset; both must be multiples of a sector */
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
			if (!page->valid)
				remove(*pages, index);
			index++;
			kxx_cond_resched();
		}
		backing_.discard(offset, size);
	}

	/** flush - writes all data to the backing store; after an error the rest stays cached */
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

	/** bytes - returns the size of all cached pages in bytes */
	u64 bytes() KXX_MAY_SLEEP { return pages_.lock()->nr * page_size; }

private:
	static constexpr unsigned int sector_size = 1 << KXX_SECTOR_SHIFT;
	static constexpr unsigned int page_size = KXX_PAGE_SIZE;
	static constexpr unsigned int page_sectors = page_size / sector_size;
	/* Number of pages to evict at a time, as in null_blk. */
	static constexpr unsigned int evict_pages = 16;

	/* A cached page of the disk. A sector whose bit in `valid` is clear holds garbage. */
	struct Page {
		explicit Page(kxx::Page memory) : memory(std::move(memory)) {}

		bool is_valid(unsigned int sector) const { return valid & (1ul << sector); }
		void set_valid(unsigned int sector) { valid |= 1ul << sector; }
		void clear_valid(unsigned int sector) { valid &= ~(1ul << sector); }

		kxx::Page memory;
		unsigned long valid = 0;
	};
	static_assert(page_sectors <= 8 * sizeof(unsigned long));

	struct Pages : kxx::XArray<kxx::Box<Page>> {
		u64 nr = 0;
		/* Index at which the next search for a page to evict begins. */
		unsigned long evict_from = 0;
	};

	/* The part of a byte range that lies in one sector. */
	struct Piece {
		unsigned int sector;  /* index in the page */
		unsigned int in_page; /* offset in the page, in bytes */
		unsigned int done;    /* offset in the range, in bytes */
		unsigned int size;

		bool is_whole() const { return size == sector_size; }
	};

	/* Calls @f(piece) for each sector of a byte range that lies within one page. */
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

	/* Reads a whole sector, so that a write to a part of the sector keeps the other bytes. */
	void fill(Page &page, u64 offset) KXX_MAY_SLEEP
	{
		u64 start = offset - offset % sector_size;

		backing_.read(start, page.memory.bytes() + start % page_size, sector_size);
	}

	kxx::Result<void> write_through(Pages &pages, u64 offset, const unsigned char *from,
					unsigned int size) KXX_MAY_SLEEP
	{
		KXX_TRY(backing_.write(offset, from, size));

		auto *page = pages.load(offset / page_size);

		if (!page)
			return {};
		/*
		 * The cached copy is out of date now. Drop each sector that was written whole.
		 * Update each sector that was written in part: the backing store may lack its
		 * other bytes.
		 */
		for_each_sector(offset, size, [&](const Piece &piece) {
			if (piece.is_whole())
				page->clear_valid(piece.sector);
			else
				kxx::memcpy(page->memory.bytes() + piece.in_page, from + piece.done,
					    piece.size);
		});
		if (!page->valid)
			remove(pages, offset / page_size);
		return {};
	}

	/* Writes the valid sectors of @page back, then removes the page. An error keeps it. */
	kxx::Result<void> write_back(Pages &pages, unsigned long index, Page &page) KXX_MAY_SLEEP
	{
		for (unsigned int begin = 0, end; begin < page_sectors; begin = end) {
			bool valid = page.is_valid(begin);

			for (end = begin + 1; end < page_sectors; end++)
				if (page.is_valid(end) != valid)
					break;
			if (valid)
				KXX_TRY(backing_.write(u64{ index } * page_size +
							       u64{ begin } * sector_size,
						       page.memory.bytes() + begin * sector_size,
						       (end - begin) * sector_size));
		}
		remove(pages, index);
		return {};
	}

	/*
	 * Adds a page without valid sectors at @index, which has no page yet. Returns -ENOMEM if
	 * the cache is full, the limit is reached or memory is short.
	 */
	kxx::Result<void> insert(Pages &pages, unsigned long index) KXX_MAY_SLEEP
	{
		if (pages.nr >= max_pages_ || !limit_.charge(1))
			return kxx::ENOMEM;

		auto inserted = insert_charged(pages, index);

		if (inserted)
			pages.nr++;
		else
			limit_.uncharge(1);
		return inserted;
	}

	static kxx::Result<void> insert_charged(Pages &pages, unsigned long index)
	{
		/*
		 * Do not wait for memory with the mutex held: the tasks that free memory, by
		 * writing it to this disk, may wait for the mutex. Leave them the reserves.
		 */
		auto gfp = kxx::GFP_NOWAIT | kxx::__GFP_NOWARN | kxx::__GFP_NOMEMALLOC;

		return pages.insert(
			index, KXX_TRY(kxx::Box<Page>::make(gfp, KXX_TRY(kxx::Page::make(gfp)))),
			gfp);
	}

	void remove(Pages &pages, unsigned long index) KXX_MAY_SLEEP
	{
		if (!pages.erase(index))
			return;
		pages.nr--;
		limit_.uncharge(1);
	}

	/*
	 * If the cache is full or the limit is reached, evicts up to evict_pages pages. Tries every
	 * page until one can be evicted, because the store may lack memory for a new page, but not
	 * for one that it has.
	 */
	void make_room(Pages &pages) KXX_MAY_SLEEP
	{
		unsigned int evicted = 0;

		if (pages.nr < max_pages_ && !limit_.is_reached())
			return;
		for (u64 left = pages.nr; left && evicted < evict_pages; left--) {
			unsigned long index = pages.evict_from;
			Page *page = pages.find(index);

			if (!page) {
				index = 0;
				page = pages.find(index);
			}
			if (!page)
				break;
			/* Wraps after the largest index: the next search begins at 0. */
			pages.evict_from = index + 1;

			if (write_back(pages, index, *page))
				evicted++;
			else if (evicted)
				break;
			kxx_cond_resched();
		}
	}

	Backing &backing_;
	const u64 max_pages_;
	PageLimit &limit_;
	kxx::Mutex<Pages> pages_;
};

} // namespace cxxnull
