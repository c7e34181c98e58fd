// SPDX-License-Identifier: GPL-2.0
#include "store.hpp"

#include <bit>
#include <optional>
#include <utility>

#include <kxx/glue/sync/sched.h>
#include <kxx/base/string.hpp>

using namespace kxx;

namespace cxxnull {

namespace {

/*
 * Returns the log2 of the number of buckets: one per four pages. A bucket then has four leaves if
 * each leaf maps one page, and a quarter of a leaf if all leaves are full. Beyond 512 KiB of
 * buckets, one per 64 pages (four full leaves) is enough: a large empty pool must cost little.
 */
u32 buckets_bits_of(u32 pages)
{
	constexpr u32 most = (1u << 19) / sizeof(void *);
	u32 buckets = (pages + 3) / 4;

	if (buckets > most)
		buckets = pages / 64 > most ? pages / 64 : most;
	return static_cast<u32>(std::bit_width((buckets - 1) | 63));
}

} // namespace

Store::Store(Box<Pool> pool, Buckets buckets, u32 buckets_bits)
	: pool_(std::move(pool)), buckets_(std::move(buckets)), buckets_bits_(buckets_bits)
{
}

Result<Box<Store>> Store::make(u64 pool_bytes, PageLimit *limit)
{
	auto pool = KXX_TRY(Pool::make(pool_bytes, limit));
	u32 bits = buckets_bits_of(pool->pages());
	auto buckets = KXX_TRY(Buckets::make(table_gfp, size_t{ 1 } << bits));

	return Box<Store>::make(GFP_KERNEL, std::move(pool), std::move(buckets), bits);
}

Store::~Store()
{
	for (size_t i = 0; i < buckets_.size(); i++) {
		for (auto *leaf = buckets_[i].protected_(); leaf;) {
			auto *next = leaf->next.protected_();
			auto freed = Box<Leaf>::from_raw(leaf);

			leaf = next;
		}
		/* There may be millions of buckets. */
		if (i % 64 == 0)
			kxx_cond_resched();
	}
}

u64 Store::memory()
{
	return pool_->memory() + static_cast<u32>(leaves_.read()) * u64{ sizeof(Leaf) } +
	       buckets_.size() * sizeof(Bucket);
}

/*
 * Calls @f(bytes, at, size) for each contiguous part of [@offset, @offset + @size), up to the
 * first unmapped page. @bytes is the memory of the part, which begins @at bytes after @offset.
 * Returns the number of bytes before the unmapped page. The pool does not hand out again a page
 * that was found here while @lock is held.
 */
template <typename F>
u64 Store::for_each_mapped(u64 offset, u64 size, const rcu::ReadLock &lock, F &&f) const
{
	for (u64 at = 0; at < size;) {
		u64 index = (offset + at) / page_size;
		u32 within = (offset + at) % page_size;
		const Leaf *leaf = find(index / Leaf::pages, lock);

		if (!leaf)
			return at;
		for (u32 i = index % Leaf::pages; i < Leaf::pages && at < size;) {
			u32 slot = static_cast<u32>(leaf->slots[i++].read_acquire());

			if (!slot)
				return at;

			u64 part = page_size - within;
			unsigned char *bytes = pool_->bytes(slot - 1);

			/* Extend the part by pages that are adjacent on the disk and in memory. */
			for (u32 n = 1; part < size - at && i < Leaf::pages; n++, i++) {
				if (static_cast<u32>(leaf->slots[i].read_acquire()) != slot + n ||
				    pool_->bytes(slot - 1 + n) != bytes + n * page_size)
					break;
				part += page_size;
			}
			part = smaller(part, size - at);
			f(bytes + within, at, part);
			at += part;
			within = 0;
		}
	}
	return size;
}

void Store::read(u64 offset, unsigned char *to, u64 size)
{
	auto lock = rcu::read_lock();

	while (size) {
		u64 done = for_each_mapped(offset, size, lock,
					   [to](const unsigned char *bytes, u64 at, u64 part) {
						   memcpy(to + at, bytes, part);
					   });

		offset += done;
		to += done;
		size -= done;

		/* The next page is not mapped, so it reads as zeroes. */
		u64 zeroes = smaller(size, page_size - offset % page_size);

		memset(to, 0, zeroes);
		offset += zeroes;
		to += zeroes;
		size -= zeroes;
	}
}

Result<void> Store::write(u64 offset, const unsigned char *from, u64 size)
{
	return Writer(*this, offset, size).write(from, size);
}

/* Overwrites mapped pages, up to the first unmapped page. */
[[gnu::always_inline]] inline void Store::Writer::overwrite(const unsigned char *&from, u64 &size)
{
	u64 done = store_.for_each_mapped(
		offset_, size, lock_,
		[from](unsigned char *bytes, u64 at, u64 part) { memcpy(bytes, from + at, part); });

	offset_ += done;
	from += done;
	size -= done;
}

Result<void> Store::Writer::write(const unsigned char *from, u64 size)
{
	if (!fresh_.pages)
		overwrite(from, size);
	if (!size) [[likely]]
		return {};
	return write_fresh(from, size);
}

Result<void> Store::Writer::write_fresh(const unsigned char *from, u64 size)
{
	while (size) {
		auto begun = fresh_.pages ? Result<void>() : begin_fresh();

		/* ENOSPC is no error if another writer has mapped this page meanwhile. */
		if (!begun && (begun.error() != ENOSPC ||
			       store_.unmapped_pages(offset_ / page_size, 1, lock_)))
			return begun;
		if (begun) {
			fill(from, size);
			if (offset_ == end_ || offset_ == (fresh_index_ + fresh_.pages) * page_size)
				KXX_TRY(publish_fresh());
		}
		if (!fresh_.pages)
			overwrite(from, size);
	}
	return {};
}

/* Returns how many pages from @index on are unmapped, at most @most. */
u32 Store::unmapped_pages(u64 index, u32 most, const rcu::ReadLock &lock) const
{
	u32 n = 0;

	while (n < most) {
		const Leaf *leaf = find((index + n) / Leaf::pages, lock);

		if (!leaf) {
			n += Leaf::pages - (index + n) % Leaf::pages;
			continue;
		}
		do {
			if (leaf->slots[(index + n) % Leaf::pages].read_acquire())
				return n;
			n++;
		} while (n < most && (index + n) % Leaf::pages);
	}
	return most;
}

/* Allocates an extent for the unmapped pages from offset_ up to end_ or a mapped page. */
Result<void> Store::Writer::begin_fresh()
{
	u64 index = offset_ / page_size;
	u64 left = (end_ - 1) / page_size - index + 1;
	u32 pages = static_cast<u32>(smaller(left, Pool::max_pages));

	/* Allocate at least one. publish_fresh() handles a page that is mapped by then. */
	if (pages > 1)
		pages = store_.unmapped_pages(index, pages, lock_);
	fresh_ = KXX_TRY(store_.pool_->allocate(pages ? pages : 1));
	fresh_index_ = index;
	fresh_from_ = offset_;
	return {};
}

/*
 * Copies data to the fresh extent. Zeroes the bytes of its first and last page that get no
 * data, because the pool does not clear memory.
 */
void Store::Writer::fill(const unsigned char *&from, u64 &size)
{
	u64 fresh_end = (fresh_index_ + fresh_.pages) * page_size;

	while (size && offset_ < fresh_end) {
		u32 page = fresh_.start + static_cast<u32>(offset_ / page_size - fresh_index_);
		u32 within = offset_ % page_size;
		u32 pages = static_cast<u32>((fresh_end - offset_ + within) / page_size);
		u64 room = store_.pool_->contiguous(page, pages) * page_size - within;
		u64 part = smaller(room, size);
		unsigned char *bytes = store_.pool_->bytes(page);

		if (offset_ == fresh_from_ && within)
			memset(bytes, 0, within);
		memcpy(bytes + within, from, part);
		offset_ += part;
		from += part;
		size -= part;
		if (offset_ == end_ && offset_ % page_size)
			memset(bytes + within + part, 0, page_size - offset_ % page_size);
	}
}

/*
 * Maps pages of @extent in @leaf, from slot @first up to the leaf's end or the first mapped page.
 * Returns the number of pages. The caller holds the lock of the leaf's stripe.
 */
u32 Store::fill_slots(Leaf &leaf, u32 first, Extent extent)
{
	u64 most = smaller(extent.pages, Leaf::pages - first);
	u32 n = 0;

	for (; n < most && !leaf.slots[first + n].read(); n++)
		/* Release: a reader that finds the page by read_acquire() sees its contents. */
		leaf.slots[first + n].set_release(static_cast<int>(extent.start + n + 1));
	pool_->count_published(n);
	return n;
}

/* Maps pages of @extent in the leaf of page @index, as fill_slots() does. */
Result<u32> Store::publish(u64 index, Extent extent)
{
	u64 number = index / Leaf::pages;

	{
		auto change = lock_of(number).lock();

		if (Leaf *leaf = find(number, *change)) [[likely]]
			return fill_slots(*leaf, index % Leaf::pages, extent);
	}
	return publish_in_new_leaf(index, extent);
}

Result<u32> Store::publish_in_new_leaf(u64 index, Extent extent)
{
	u64 number = index / Leaf::pages;
	/* If another writer has added the leaf meanwhile, @fresh is freed after the unlock. */
	Box<Leaf> fresh = KXX_TRY(spare_leaf_.make_or_take());
	auto change = lock_of(number).lock();
	Leaf *leaf = find(number, *change);

	if (!leaf) {
		leaf = std::move(fresh).into_raw();
		leaf->number = number;
		leaf->next.assign(bucket(number).protected_());
		bucket(number).assign(leaf);
		leaves_.inc();
	}
	return fill_slots(*leaf, index % Leaf::pages, extent);
}

Result<void> Store::Writer::publish_fresh()
{
	while (fresh_.pages) {
		u32 published = KXX_TRY(store_.publish(fresh_index_, fresh_));

		fresh_.take(published);
		fresh_index_ += published;
		/* Continue with the next leaf. */
		if (!fresh_.pages || (published && fresh_index_ % Leaf::pages == 0))
			continue;

		/* Another writer has mapped this page first: copy the data into that page. */
		u64 page = fresh_index_ * page_size;
		u64 from = page > fresh_from_ ? page : fresh_from_;
		u64 size = smaller(end_, page + page_size) - from;
		const unsigned char *bytes = store_.pool_->bytes(fresh_.start) + (from - page);
		u64 copied = store_.for_each_mapped(from, size, lock_,
						    [bytes](unsigned char *to, u64 at, u64 part) {
							    memcpy(to, bytes + at, part);
						    });

		/* If less was copied, that page was discarded meanwhile, and ours can be mapped. */
		if (copied == size) {
			store_.pool_->free(fresh_.take(1));
			fresh_index_++;
		}
	}
	return {};
}

/* Zeroes [@offset, @offset + @size), which lies within one page, if the page is mapped. */
void Store::clear(u64 offset, u64 size)
{
	auto lock = rcu::read_lock();

	for_each_mapped(offset, size, lock,
			[](unsigned char *bytes, u64, u64 part) { memset(bytes, 0, part); });
}

/* Zeroes the parts of a discarded range that cover no whole page: at its start and at its end. */
inline void Store::clear_ends(u64 offset, u64 size)
{
	u64 end = offset + size;
	u64 first = (offset + page_size - 1) / page_size;
	u64 last = end / page_size;

	if (offset % page_size)
		clear(offset, smaller(end, first * page_size) - offset);
	if (end % page_size && last >= first)
		clear(last * page_size, end % page_size);
}

bool Store::discard_now(u64 offset, u64 size)
{
	u64 first = (offset + page_size - 1) / page_size;
	u64 last = (offset + size) / page_size;

	if (size > max_discard_now)
		return false;
	clear_ends(offset, size);
	for (u64 index = first; index < last; index += Leaf::pages - index % Leaf::pages)
		discard_pages(index / Leaf::pages, first, last);
	return true;
}

void Store::discard(u64 offset, u64 size)
{
	u64 first = (offset + page_size - 1) / page_size;
	u64 last = (offset + size) / page_size;

	clear_ends(offset, size);
	if (first >= last)
		return;

	u64 leaves = (last - 1) / Leaf::pages - first / Leaf::pages + 1;

	/* Look up each leaf of the range, or walk all buckets if there are fewer of these. */
	if (leaves <= buckets_.size()) {
		for (u64 i = 0; i < leaves; i++) {
			discard_pages(first / Leaf::pages + i, first, last);
			if (i % 64 == 0)
				kxx_cond_resched();
		}
		return;
	}
	for (size_t i = 0; i < buckets_.size(); i++) {
		u64 found[16];
		u32 n;

		do {
			n = find_in_bucket(i, first, last, found);
			for (u32 j = 0; j < n; j++)
				discard_pages(found[j], first, last);
		} while (n == sizeof(found) / sizeof(found[0]));
		if (i % 64 == 0)
			kxx_cond_resched();
	}
}

/* Finds the numbers of leaves in bucket @i that map pages of [@first, @last). Returns how many. */
template <size_t most>
u32 Store::find_in_bucket(size_t i, u64 first, u64 last, u64 (&found)[most]) const
{
	auto lock = rcu::read_lock();
	u32 n = 0;

	for (const Leaf *leaf = buckets_[i].dereference(lock); leaf && n < most;
	     leaf = leaf->next.dereference(lock))
		if (leaf->number >= first / Leaf::pages && leaf->number <= (last - 1) / Leaf::pages)
			found[n++] = leaf->number;
	return n;
}

/* Unmaps and retires those pages of leaf @number that are in [@from, @end). */
void Store::discard_pages(u64 number, u64 from, u64 end)
{
	u64 start = number * Leaf::pages;
	u32 first = from > start ? static_cast<u32>(from - start) : 0;
	u32 last = static_cast<u32>(smaller(end - start, Leaf::pages));
	Pool::Retiree retiree;
	std::optional<Box<Leaf>> empty;

	{
		auto change = lock_of(number).lock();
		Leaf *leaf = find(number, *change);

		if (!leaf)
			return;
		for (u32 i = first; i < last; i++) {
			int slot = leaf->slots[i].read();

			if (!slot)
				continue;
			leaf->slots[i].set(0);
			pool_->collect(retiree, static_cast<u32>(slot) - 1);
		}
		if (leaf->is_empty()) {
			Bucket *link = &bucket(number);

			while (link->protected_() != leaf)
				link = &link->protected_()->next;
			link->assign(leaf->next.protected_());
			empty.emplace(Box<Leaf>::from_raw(leaf));
			leaves_.dec_return();
		}
	}
	/* New readers cannot find these pages, but earlier readers may still use them. */
	pool_->retire(retiree);
	if (empty)
		rcu::kfree_rcu<&Leaf::rcu>(std::move(*empty));
}

Result<void> Store::make_room()
{
	KXX_TRY(spare_leaf_.refill());
	return pool_->make_room();
}

} // namespace cxxnull
