/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store.hpp - the backing store of a memory-backed disk
 *
 * A disk can have any size. Written data is in a pool of bounded size (pool.hpp). A hash table,
 * which is read without a lock, maps pages of the disk to pages of the pool; each entry, a leaf,
 * maps 16 adjacent pages. Pages that were never written, or were discarded, read as zeroes.
 *
 * Readers, and writers of mapped pages, find a page and use it under rcu_read_lock(). A discard
 * removes the page from its leaf, and the pool hands the page out again only after a grace
 * period. So a page is not reused while a reader that found it still uses it. A writer fills a
 * fresh page, and zeroes the part without data, before putting the page into its leaf. So no
 * reader sees the earlier contents of the page.
 */
#pragma once

#include <kxx/base/annotations.hpp>
#include <kxx/sync/atomic.hpp>
#include <kxx/base/err.hpp>
#include <kxx/sync/rcupdate.hpp>
#include <kxx/mm/slab.hpp>
#include <kxx/sync/spinlock.hpp>

#include "pool.hpp"

namespace cxxnull {

/**
 * Store - the data of a disk, by offset in bytes
 *
 * Owns the written data. Concurrent reads and writes of the same bytes are not ordered,
 * as on any disk. Pinned. Context: process; methods that sleep say so.
 */
class Store {
public:
	class Writer;

	/** make - creates a store of at most @pool_bytes; @limit and errors as for Pool::make() */
	static kxx::Result<kxx::Box<Store>> make(u64 pool_bytes,
						 PageLimit *limit = nullptr) KXX_MAY_SLEEP;

	/** read - reads @size bytes at @offset */
	void read(u64 offset, unsigned char *to, u64 size);

	/**
	 * write - writes @size bytes at @offset
	 *
	 * Returns -ENOSPC if the pool is full, or -EAGAIN if the caller must call make_room() and
	 * retry. A part may have been written by then.
	 */
	kxx::Result<void> write(u64 offset, const unsigned char *from, u64 size);

	/**
	 * discard - zeroes @size bytes at @offset, and returns whole pages to the pool
	 *
	 * Looks up each leaf of the range, or walks all buckets if there are fewer of these.
	 */
	void discard(u64 offset, u64 size) KXX_MAY_SLEEP;
	/** discard_now - discards without sleeping; false, doing nothing, for more than 1 MiB */
	bool discard_now(u64 offset, u64 size);

	/** make_room - waits before a retry after -EAGAIN; errors of Pool::make_room() */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	Pool &pool() KXX_LIFETIMEBOUND { return *pool_; }
	/** memory - returns the kernel memory in use in bytes: data, leaves, tables and nodes */
	u64 memory();

	~Store() KXX_MAY_SLEEP;
	Store(const Store &) = delete;
	Store &operator=(const Store &) = delete;

private:
	friend kxx::Box<Store>;

	static constexpr u64 page_size = Pool::page_size;
	static constexpr u64 max_discard_now = 1 << 20;

	/* Number of a pool page plus 1, or 0 for an unmapped page. */
	struct Slot : kxx::Atomic {
		Slot() : Atomic(0) {}
	};

	/*
	 * Maps 16 adjacent pages of the disk. Small, so that a page alone in its leaf costs little
	 * more than its own memory; large enough to find adjacent pages with one lookup.
	 */
	struct Leaf {
		static constexpr u32 slots_bits = 4;
		static constexpr u32 pages = 1 << slots_bits;

		kxx::rcu::RcuHead rcu;
		u64 number = 0; /* position on the disk, in leaves */
		kxx::rcu::Pointer<Leaf> next;
		Slot slots[pages];

		bool is_empty() const
		{
			/* Search backwards: an ascending discard clears the last slot last. */
			for (u32 i = pages; i--;)
				if (slots[i].read())
					return false;
			return true;
		}
	};
	using Bucket = kxx::rcu::Pointer<Leaf>;
	using Buckets = kxx::Box<Bucket[]>;

	/* A reference to one proves that its Stripe is locked. */
	struct Change {};
	/* Guards every 64th bucket and the leaves in these buckets. */
	struct Stripe {
		kxx::SpinLock<Change> lock;
		/* Keeps each lock on a cache line of its own. */
		unsigned char pad[60];
	};
	static constexpr u32 nr_stripes = 64;

	Store(kxx::Box<Pool> pool, Buckets buckets, u32 buckets_bits);

	u64 bucket_of(u64 number) const
	{
		/* Multiply by the golden ratio, so that adjacent leaves get distant buckets. */
		return number * 0x9e3779b97f4a7c15ull >> (64 - buckets_bits_);
	}
	Bucket &bucket(u64 number) const { return buckets_[bucket_of(number)]; }
	kxx::SpinLock<Change> &lock_of(u64 number)
	{
		return stripes_[bucket_of(number) % nr_stripes].lock;
	}

	Leaf *find(u64 number, const kxx::rcu::ReadLock &lock) const
	{
		Leaf *leaf = bucket(number).dereference(lock);

		while (leaf && leaf->number != number)
			leaf = leaf->next.dereference(lock);
		return leaf;
	}
	Leaf *find(u64 number, Change &) const
	{
		Leaf *leaf = bucket(number).protected_();

		while (leaf && leaf->number != number)
			leaf = leaf->next.protected_();
		return leaf;
	}

	template <typename F>
	u64 for_each_mapped(u64 offset, u64 size, const kxx::rcu::ReadLock &lock, F &&f) const;
	[[gnu::noinline]] void clear(u64 offset, u64 size);
	u32 unmapped_pages(u64 index, u32 most, const kxx::rcu::ReadLock &lock) const;
	kxx::Result<u32> publish(u64 index, Extent extent);
	[[gnu::noinline]] kxx::Result<u32> publish_in_new_leaf(u64 index, Extent extent);
	u32 fill_slots(Leaf &leaf, u32 first, Extent extent);
	void clear_ends(u64 offset, u64 size);
	void discard_pages(u64 number, u64 from, u64 end);
	template <size_t most>
	u32 find_in_bucket(size_t i, u64 first, u64 last, u64 (&found)[most]) const;

	kxx::Box<Pool> pool_;
	Buckets buckets_;
	const u32 buckets_bits_;
	kxx::Atomic leaves_{ 0 };
	/* Refilled by make_room(). */
	Spare<kxx::Box<Leaf>> spare_leaf_;
	Stripe stripes_[nr_stripes];
};

/**
 * Store::Writer - a write whose data comes in parts
 *
 * Knows the whole size from the start, so that unmapped pages get one extent and not one
 * for each part. All data is in the store when the last write() has returned; after an
 * error, some of it may be. Pinned. Context: as Store. The object is an RCU read-side critical
 * section while it exists, so its user must not sleep.
 */
class Store::Writer {
public:
	Writer(Store &store, u64 offset, u64 size)
		: store_(store), offset_(offset), end_(offset + size)
	{
	}
	Writer(const Writer &) = delete;
	Writer &operator=(const Writer &) = delete;
	~Writer()
	{
		if (fresh_.pages) [[unlikely]]
			store_.pool_->free(fresh_);
	}

	/**
	 * write - writes the next @size bytes; returns the errors of Store::write(), after which it
	 *         must not be called again
	 */
	kxx::Result<void> write(const unsigned char *from, u64 size);

private:
	void overwrite(const unsigned char *&from, u64 &size);
	/* Kept out of line, so that a write to mapped pages needs little stack. */
	[[gnu::noinline]] kxx::Result<void> write_fresh(const unsigned char *from, u64 size);
	kxx::Result<void> begin_fresh();
	void fill(const unsigned char *&from, u64 &size);
	kxx::Result<void> publish_fresh();

	/* Keeps mapped pages from being reused. Pool requires it for an unpublished extent, too. */
	kxx::rcu::ReadLock lock_ = kxx::rcu::read_lock();
	Store &store_;
	u64 offset_;
	const u64 end_;
	/* Extent that is being filled and that readers cannot find yet. */
	Extent fresh_;
	/* Page of the disk at which fresh_ begins. */
	u64 fresh_index_ = 0;
	/* Offset on the disk of the first byte that was written to fresh_. */
	u64 fresh_from_ = 0;
};

} // namespace cxxnull
