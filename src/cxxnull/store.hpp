/* SPDX-License-Identifier: GPL-2.0 */
/*
 * store.hpp - the backing store of a memory-backed disk
 *
 * A disk can be of any size. Written data is in a pool of bounded size (pool.hpp), in
 * extents. A hash table of leaves, of a few pages each, maps pages of the disk to pages
 * of the pool, and is read without a lock. Pages that were never written, or were
 * discarded, read as zeroes.
 *
 * Readers, and writers of mapped pages, find a page and use it under rcu_read_lock().
 * Discarding removes a page from its leaf; the pool hands the page out again only after
 * a grace period. So a page that a reader found is not reused while the reader has it. A
 * fresh page is filled before it is put into its leaf, and its unwritten part is zeroed.
 * So no reader sees what was in the page before.
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
 * Store - bytes by their offset on the disk
 *
 * Owns the written data. Concurrent reads and writes of the same bytes are not ordered,
 * as on any disk. Pinned. Context: process; methods that sleep say so.
 */
class Store {
public:
	class Writer;

	/** make - a store of at most @pool_bytes; @limit and errors as Pool::make() */
	static kxx::Result<kxx::Box<Store>> make(u64 pool_bytes,
						 PageLimit *limit = nullptr) KXX_MAY_SLEEP;

	/** read - reads @size bytes from @offset */
	void read(u64 offset, unsigned char *to, u64 size);

	/**
	 * write - writes @size bytes to @offset
	 *
	 * -ENOSPC when the pool is full, after a part was written. -EAGAIN when make_room()
	 * can help.
	 */
	kxx::Result<void> write(u64 offset, const unsigned char *from, u64 size);

	/**
	 * discard - zeroes @size bytes from @offset, and returns whole pages to the pool
	 *
	 * Looks up each leaf of the range, or walks all buckets if these are fewer.
	 */
	void discard(u64 offset, u64 size) KXX_MAY_SLEEP;
	/** discard_now - without sleeping; false, doing nothing, for more than 1 MiB */
	bool discard_now(u64 offset, u64 size);

	/** make_room - waits for memory after -EAGAIN, for another try; errors of Pool::make_room() */
	kxx::Result<void> make_room() KXX_MAY_SLEEP;

	Pool &pool() KXX_LIFETIMEBOUND { return *pool_; }
	/** memory - bytes of kernel memory in use, for data and for everything else */
	u64 memory();

	~Store() KXX_MAY_SLEEP;
	Store(const Store &) = delete;
	Store &operator=(const Store &) = delete;

private:
	friend kxx::Box<Store>;

	static constexpr u64 page_size = Pool::page_size;
	static constexpr u64 max_discard_now = 1 << 20;

	/* Number of a page of the pool, plus 1; or 0. */
	struct Slot : kxx::Atomic {
		Slot() : Atomic(0) {}
	};

	/*
	 * Small, so that a page that is alone takes little more memory than its own. Large
	 * enough to find neighbouring pages with one lookup.
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
			/* From the end: a discard in ascending order empties the last slot last. */
			for (u32 i = pages; i--;)
				if (slots[i].read())
					return false;
			return true;
		}
	};
	using Bucket = kxx::rcu::Pointer<Leaf>;
	using Buckets = kxx::Box<Bucket[]>;

	/* Lock of a part of the buckets, and of the slots of the leaves in them. */
	struct Change {};
	struct Stripe {
		kxx::SpinLock<Change> lock;
		/* One lock per cache line. */
		unsigned char pad[60];
	};
	static constexpr u32 nr_stripes = 64;

	Store(kxx::Box<Pool> pool, Buckets buckets, u32 buckets_bits);

	u64 bucket_of(u64 number) const
	{
		/* Multiplied by the golden ratio, neighbours get distant buckets. */
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
	/* Filled by make_room(). */
	Spare<kxx::Box<Leaf>> spare_leaf_;
	Stripe stripes_[nr_stripes];
};

/**
 * Store::Writer - a write that comes in parts
 *
 * Knows the whole size from the start, so that unmapped pages get one extent and not one
 * for each part. All data is in the store when the last write() has returned; after an
 * error, some of it is. Pinned. Context: as Store; the object is an RCU read-side critical
 * section as long as it lives, so its user must not sleep.
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
	 * write - writes the next @size bytes; returns the errors of Store::write(). Do not call
	 * write() again after an error
	 */
	kxx::Result<void> write(const unsigned char *from, u64 size);

private:
	void overwrite(const unsigned char *&from, u64 &size);
	/* Out of line: a write to mapped pages needs little stack. */
	[[gnu::noinline]] kxx::Result<void> write_fresh(const unsigned char *from, u64 size);
	kxx::Result<void> begin_fresh();
	void fill(const unsigned char *&from, u64 &size);
	kxx::Result<void> publish_fresh();

	/* For pages that are found. The pool requires it of the owner of an unpublished extent. */
	kxx::rcu::ReadLock lock_;
	Store &store_;
	u64 offset_;
	const u64 end_;
	/* Being filled, not yet visible. */
	Extent fresh_;
	/* The page of the disk where it begins. */
	u64 fresh_index_ = 0;
	/* First byte of the write that is in the extent. */
	u64 fresh_from_ = 0;
};

} // namespace cxxnull
